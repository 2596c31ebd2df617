using System.CommandLine;
using System.Globalization;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Commands;

/// <summary><c>graph pin</c>: where one put devices in one's own graph.</summary>
internal static class PinCommands
{
    public static Command Build(Shell shell) => new("pin", "Devices you put somewhere in your graph; nobody else sees it.") { List(shell), Set(shell), Remove(shell) };

    private static Command List(Shell shell)
    {
        var command = new Command("list", "Your pins.");
        shell.OnApi(command, async (api, printer, _, ct) =>
        {
            var pins = await api.PinsAsync(ct);
            if (printer.IsJson) printer.Json(pins, ContractJson.Default.IReadOnlyListGraphPin);
            else printer.Table(["DEVICE", "X", "Y"], pins.Select(one => new[] { one.Device, Number(one.X), Number(one.Y) }));
        });
        return command;
    }

    private static Command Set(Shell shell)
    {
        var device = Arguments.Device();
        var x = new Argument<double>("X") { Description = "To the right of the middle of its site; its rim is at 1." };
        var y = new Argument<double>("Y") { Description = "Upwards. Of both together at most 1." };
        var command = new Command("set", "Pin a device there, or move its pin. After -- for numbers below 0.") { device, x, y };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var pin = await api.PinAsync(parsed.GetRequiredValue(device), new(parsed.GetValue(x), parsed.GetValue(y)), ct);
            if (printer.IsJson) printer.Json(pin, ContractJson.Default.GraphPin);
            printer.Note($"{parsed.GetRequiredValue(device)} is pinned.");
        });
        return command;
    }

    private static Command Remove(Shell shell)
    {
        var device = new Argument<string?>("DEVICE") { Description = Arguments.Device().Description, Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "All your pins." };
        var command = new Command("remove", "Let a device go back to its place, or with --all every one.") { device, all };
        command.Validators.Add(result =>
        {
            if ((result.GetValue(device) is null) != result.GetValue(all)) result.AddError("Name a device, or say --all.");
        });
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var named = parsed.GetValue(device);
            // The whole id also of a device that is no more.
            await api.UnpinAsync(named is null or { Length: 53 } ? named : (await api.DeviceAsync(named, ct)).Device.Id, ct);
            printer.Note(named is null ? "Nothing is pinned any more." : $"{named} goes back to its place.");
        });
        return command;
    }

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
