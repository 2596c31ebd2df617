using System.CommandLine;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Commands;

/// <summary><c>device tag</c>: what people call devices, one at a time or many by a query.</summary>
internal static class TagCommands
{
    public static Command Build(Shell shell) => new("tag", $"Tags of devices, for queries. {DeviceTags.Rule}")
    {
        Change(shell, "add", "Tag a device, or all devices that a query finds.", (tags, all) => all with { Add = tags }),
        Change(shell, "remove", "Take tags from a device, or from all devices that a query finds.", (tags, all) => all with { Remove = tags }),
    };

    /// <summary>Tags as an option has them, null where there are none; whether they are tags the silo says.</summary>
    public static IReadOnlyList<string>? Read(string? text) => DeviceTags.Split(text) is { Count: > 0 } tags ? tags : null;

    private static Command Change(Shell shell, string verb, string description, Func<IReadOnlyList<string>, BulkTags, BulkTags> with)
    {
        var tags = new Argument<string>("TAGS") { Description = "A tag, or several with commas between." };
        var device = new Argument<string?>("DEVICE") { Description = Arguments.Device().Description, Arity = ArgumentArity.ZeroOrOne };
        var query = new Option<string?>("--query", "-q") { Description = $"All devices that it finds, such as '{DeviceCommands.Example}'; see: trustmesh query fields", HelpName = "QUERY" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would happen, and do nothing." };
        var yes = new Option<bool>("--yes") { Description = "Do not ask." };
        var reason = Arguments.Reason(false);
        var command = new Command(verb, description) { tags, device, query, reason, dryRun, yes };
        command.Validators.Add(result =>
        {
            if (result.GetValue(device) is null == string.IsNullOrWhiteSpace(result.GetValue(query))) result.AddError("Name either a device or a --query.");
            if (DeviceTags.Split(result.GetValue(tags)) is not { Count: > 0 } read || !read.All(DeviceTags.IsTag)) result.AddError(DeviceTags.Rule);
        });
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var named = parsed.GetValue(device);
            // A name is looked up once, so that everything after it is about the same device.
            var ids = named is null ? null : (IReadOnlyList<string>)[(await api.DeviceAsync(named, ct)).Device.Id];
            var order = with(DeviceTags.Split(parsed.GetRequiredValue(tags)), new(Devices: ids, Query: parsed.GetValue(query), Reason: parsed.GetValue(reason)));
            BulkAnswer? tried = null;
            if (named is null || parsed.GetValue(dryRun))
            {
                tried = await api.TagManyAsync(order with { DryRun = true }, ct);
                if (parsed.GetValue(dryRun))
                {
                    Print(printer, tried);
                    return;
                }
                if (tried.Count == 0)
                {
                    Print(printer, tried);
                    if (tried.Devices.Any(one => one.Outcome == "forbidden")) throw new CommandFailure(ExitCode.Denied, "You may not tag any of these devices.", "Ask an admin.");
                    return;
                }
                if (!parsed.GetValue(yes)) Confirm(shell, tried);
            }
            // Those who were found when it was tried out, and no others.
            var found = tried?.Devices.Where(one => one.Outcome == "would").Select(one => one.Id).ToList();
            var answer = await api.TagManyAsync(found is null ? order : order with { Devices = found, Query = null }, ct);
            Print(printer, answer);
            if (answer.Devices.FirstOrDefault(one => one.Outcome == "forbidden") is { } forbidden) throw new CommandFailure(ExitCode.Denied, forbidden.Why ?? "You may not tag it.", "Ask an admin.");
            if (answer.Devices.FirstOrDefault(one => one.Outcome is not ("done" or "already")) is { } open)
                throw new CommandFailure(ExitCode.Conflict, $"{open.Name}: {open.Why}", "Look at it, and send it again.");
        });
        return command;
    }

    private static void Confirm(Shell shell, BulkAnswer tried)
    {
        if (!shell.Surroundings.InIsTerminal) throw new CommandFailure(ExitCode.Usage, $"The tags of {tried.Count} devices would change.", "Add --yes to do it, or --dry-run to see which.");
        shell.Surroundings.Error.Write($"The tags of {tried.Count} devices would change. Type yes to go on: ");
        if (shell.Surroundings.In.ReadLine()?.Trim() != "yes") throw new CommandFailure(ExitCode.Failure, "Nothing was done.", "");
    }

    private static void Print(Printer printer, BulkAnswer answer)
    {
        if (printer.IsJson) printer.Json(answer, ContractJson.Default.BulkAnswer);
        else printer.Table(["ID", "NAME", "SITE", "OUTCOME", "WHY"], answer.Devices.Select(one => new[] { Shown.ShortId(one.Id), one.Name, one.Site, one.Outcome, one.Why ?? "-" }));
        printer.Note(answer.DryRun ? $"{answer.Count} of {answer.Devices.Count} would change." : $"{answer.Count} of {answer.Devices.Count} changed.");
    }
}
