using System.CommandLine;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Commands;

/// <summary><c>device</c>: the list, one device, and the decisions about it.</summary>
internal static class DeviceCommands
{
    internal const string Example = "site:oslo status:failed age>10m -model:camera";

    public static Command Build(Shell shell) => new("device", "Devices: who they are, whether they are trusted, and decisions about them.")
    {
        List(shell), Show(shell), Measurements(shell), Registers(shell), AttestCommand.Build(shell),
        QueueCommands.Approve(shell), QueueCommands.Reject(shell), QueueCommands.Enrolment(shell),
        Decide(shell, "suspend", "Stop trusting a device until it is resumed.", reasonRequired: true),
        Decide(shell, "resume", "Lift a suspension.", reasonRequired: false),
        RevokeCommand.Build(shell),
        TagCommands.Build(shell),
    };

    private static Command List(Shell shell)
    {
        var look = new Option<string?>("--look") { Description = "Only devices that look like this.", HelpName = string.Join('|', Looks.All) };
        look.AcceptOnlyFromAmong([.. Looks.All]);
        var query = new Option<string?>("--query", "-q") { Description = $"Only devices that it finds, such as '{Example}'; see: trustmesh query fields", HelpName = "QUERY" };
        var saved = new Option<string?>("--saved") { Description = "Only devices that the query saved under this name finds.", HelpName = "NAME" };
        var count = new Option<bool>("--count") { Description = "Print how many there are, and nothing of them." };
        var command = new Command("list", "All devices, or those a query finds.") { look, query, saved, count };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var asked = parsed.GetValue(query);
            // All terms have to hold, so two queries one after the other are both of them.
            if (parsed.GetValue(saved) is { } name) asked = $"{(await api.SavedQueryAsync(name, ct)).Query} {asked}".TrimEnd();
            if (parsed.GetValue(count))
            {
                var total = await api.CountAsync(parsed.GetValue(look), asked, ct);
                printer.Line(Shown.Number(total));
                return;
            }
            var page = await api.DevicesAsync(parsed.GetValue(look), asked, ct);
            if (printer.IsJson) printer.Json(page, ContractJson.Default.DevicePage);
            else
                printer.Table(["ID", "NAME", "SITE", "MODEL", "LOOK", "TIER", "PROVEN", "TAGS"],
                    page.Items.Select(one => new[] { Shown.ShortId(one.Id), one.Name, one.Site, one.Model, one.Look, one.Tier, Shown.Time(one.ProvenAt), Shown.Tags(one.Tags) }));
        });
        return command;
    }

    private static Command Show(Shell shell)
    {
        var device = Arguments.Device();
        var command = new Command("show", "One device: identity, verdict and why, measurements, timeline.") { device };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var detail = await api.DeviceAsync(parsed.GetRequiredValue(device), ct);
            if (printer.IsJson) printer.Json(detail, ContractJson.Default.DeviceDetail);
            else DevicePrint.Print(printer, detail, shell.Surroundings.Time.GetUtcNow());
        });
        return command;
    }

    private static Command Measurements(Shell shell)
    {
        var device = Arguments.Device();
        var command = new Command("measurements", "What a device measured: what is expected, since when the value is known, and how many of its model report the same.") { device };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var detail = await api.DeviceAsync(parsed.GetRequiredValue(device), ct);
            if (printer.IsJson) printer.Json(detail.Measurements, ContractJson.Default.IReadOnlyListMeasurement);
            else
                printer.Table(["OUTCOME", "NAME", "GOT", "EXPECTED", "FIRST SEEN", "SEEN ON"],
                    detail.Measurements.Select(one => new[]
                    {
                        one.Outcome, one.Name, one.Digest, Shown.Expected(one.Expected, one.Outcome), Shown.Time(one.FirstSeen),
                        Shown.Share(one.SeenOn, one.Of, one.Rare),
                    }));
        });
        return command;
    }

    private static Command Registers(Shell shell)
    {
        var device = Arguments.Device();
        var command = new Command("registers", "The registers (PCRs) a device's TPM quoted: what they hold, what is expected, and how many of its model have the same.") { device };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var registers = (await api.DeviceAsync(parsed.GetRequiredValue(device), ct)).Registers ?? [];
            if (printer.IsJson) printer.Json(registers, ContractJson.Default.IReadOnlyListRegisterMeasurement);
            else if (registers.Count == 0) printer.Note("No register was quoted but the one of the measurements. Ask for more with: trustmesh policy set --pcr 0 --pcr 7");
            else
                printer.Table(["OUTCOME", "PCR", "HOLDS", "GOT", "EXPECTED", "FIRST SEEN", "SEEN ON"],
                    registers.Select(one => new[]
                    {
                        one.Outcome, Shown.Number(one.Pcr), PlatformRegisters.Holds(one.Pcr), one.Value, Shown.Expected(one.Expected, one.Outcome), Shown.Time(one.FirstSeen),
                        Shown.Share(one.SeenOn, one.Of, one.Rare),
                    }));
        });
        return command;
    }

    private static Command Decide(Shell shell, string verb, string description, bool reasonRequired)
    {
        var device = Arguments.Device();
        var reason = Arguments.Reason(reasonRequired);
        var command = new Command(verb, description) { device, reason };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var summary = await api.DecideAsync(parsed.GetRequiredValue(device), verb, new Decision(parsed.GetValue(reason)), ct);
            if (printer.IsJson) printer.Json(summary, ContractJson.Default.DeviceSummary);
            printer.Note($"{summary.Name} ({Shown.ShortId(summary.Id)}) is {summary.Standing} and looks {summary.Look}.");
        });
        return command;
    }
}
