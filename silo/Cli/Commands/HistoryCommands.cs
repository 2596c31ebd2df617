using System.CommandLine;
using TrustMesh.Cli.Api;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Commands;

/// <summary><c>history</c>: the past of the mesh, as its log tells it.</summary>
internal static class HistoryCommands
{
    /// <summary>Pages of a stretch; whoever has more changes than fit is told to ask for less.</summary>
    private const int MostPages = 50;

    public static Command Build(Shell shell) => new("history", "How devices looked in the past, and what changed since.") { At(shell), Changes(shell) };

    private static Command At(Shell shell)
    {
        var at = new Argument<string>("TIME") { Description = $"The instant: {Instant.Written}." };
        var command = new Command("at", "Every device as it looked at an instant, with the tags it had.") { at };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var instant = Instant.Parse(parsed.GetRequiredValue(at), shell.Surroundings.Time);
            var past = await api.HistoryAsync(instant, instant, ct);
            NoteBegin(printer, past, instant);
            IReadOnlyList<PastDevice> devices = [.. past.Devices.Where(device => device.Look is not null).OrderBy(device => device.Name, StringComparer.Ordinal)];
            if (printer.IsJson) printer.Json(devices, ContractJson.Default.IReadOnlyListPastDevice);
            else printer.Table(["NAME", "SITE", "LOOK", "SINCE", "TAGS", "ID"], devices.Select(one => new[] { one.Name, one.Site, one.Look!, Shown.Time(one.Since), Shown.Tags(one.Tags), Shown.ShortId(one.Id) }));
        });
        return command;
    }

    private static Command Changes(Shell shell)
    {
        var since = new Option<string>("--since") { Description = $"From when on: {Instant.Written}.", HelpName = "TIME", Required = true };
        var until = new Option<string>("--until") { Description = "Until when; now if left out.", HelpName = "TIME", DefaultValueFactory = _ => "now" };
        var command = new Command("changes", "Devices that look different than they did, and after what. Example: trustmesh history changes --since 'yesterday 18:00'") { since, until };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var (from, to) = (Instant.Parse(parsed.GetRequiredValue(since), shell.Surroundings.Time), Instant.Parse(parsed.GetRequiredValue(until), shell.Surroundings.Time));
            if (from > to) throw new CommandFailure(ExitCode.Usage, "--since must not be after --until.", "Write the earlier time after --since.");
            var past = await api.HistoryAsync(from, to, ct);
            for (var page = 1; past.More && page < MostPages; page++) past = past.With(await api.HistoryAsync(past.To, to, ct));
            NoteBegin(printer, past, from);
            if (past.More) printer.Note($"Only until {Shown.Time(past.To)}: there are more changes than are shown at once. Ask for a shorter time.");
            var found = LookDifference.Of(past);
            if (printer.IsJson) printer.Json(found, ContractJson.Default.IReadOnlyListLookDifference);
            else printer.Table(["NAME", "SITE", "BEFORE", "AFTER", "AT", "BY", "WHY"],
                found.Select(one => new[] { one.Device.Name, one.Device.Site, one.Before ?? "-", one.After, Shown.Time(one.Last.At), one.Last.Actor, $"{one.Last.Kind}: {one.Last.Text}" }));
        });
        return command;
    }

    private static void NoteBegin(Printer printer, HistoryView past, DateTimeOffset from)
    {
        if (past.Begins is null) printer.Note("The log is empty.");
        else if (past.Begins > from) printer.Note($"What is known begins at {Shown.Time(past.Begins)}.");
    }
}
