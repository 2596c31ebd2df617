using System.CommandLine;
using TrustMesh.Cli.Api;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Commands;

/// <summary><c>mesh show</c>, <c>events</c> and <c>graph export</c>: the mesh as a whole.</summary>
internal static class MeshCommands
{
    public static Command Mesh(Shell shell)
    {
        var show = new Command("show", "Name, authority, counts.");
        shell.OnApi(show, async (api, printer, _, ct) =>
        {
            var mesh = await api.MeshAsync(ct);
            if (printer.IsJson) printer.Json(mesh, ContractJson.Default.MeshView);
            else
                printer.Facts([
                    ("mesh", mesh.Name), ("authority", mesh.Authority), ("authority key", mesh.AuthorityKey), ("silo", mesh.SiloId), ("version", mesh.Version),
                    ("policy", Shown.Number(mesh.PolicyVersion)), ("evidence accepted", Shown.Number(mesh.EvidenceAccepted)), ("evidence refused", Shown.Number(mesh.EvidenceRefused)),
                    ("started", Shown.Time(mesh.StartedAt)), ("devices dial", mesh.DeviceAddress ?? "-"), ("vouched for", Vouched(mesh.Coverage)),
                    .. Looks.All.Select(look => (look, Shown.Number(mesh.Counts.GetValueOrDefault(look)))),
                ]);
        });
        return new Command("mesh", "The mesh as a whole.") { show };
    }

    private static string Vouched(MeshCoverage? coverage) => coverage switch
    {
        null => "-",
        { Examiners: 0 } => "nobody else could examine it",
        var some => $"{Shown.Number(some.Covered)} of {Shown.Number(some.Active)} active devices, by {Shown.Number(some.Examiners)} or more others",
    };

    public static Command Graph(Shell shell)
    {
        var export = new Command("export", "The graph of who vouches for whom, as one JSON document.");
        shell.OnApi(export, async (api, printer, _, ct) => printer.Json(await api.GraphAsync(ct), ContractJson.Default.GraphSnapshot));
        return new Command("graph", "The trust graph.") { export, PinCommands.Build(shell) };
    }

    public static Command Events(Shell shell)
    {
        var after = new Option<long>("--after") { Description = "Begin after this number; 0 begins with the oldest that is kept.", HelpName = "N" };
        var count = new Option<int?>("--count") { Description = "End after so many events.", HelpName = "N" };
        var timeout = Arguments.OptionalDuration("--timeout", "End with exit code 7 after this time.");
        var watch = new Command("watch", "Print events as they happen, one a line, until Ctrl-C.") { after, count, timeout };
        shell.OnApi(watch, async (api, printer, parsed, ct) =>
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            if (parsed.GetValue(timeout) is { } time) limit.CancelAfter(time);
            try
            {
                var left = parsed.GetValue(count) ?? int.MaxValue;
                await foreach (var one in new EventStream(api, shell.Surroundings.Time).EventsAsync(parsed.GetValue(after), limit.Token))
                {
                    Print(printer, one);
                    if (--left <= 0) return;
                }
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                throw new CommandFailure(ExitCode.Timeout, "The time is over.", "");
            }
        });
        var list = new Command("list", "The events that the silo keeps, newest first.");
        shell.OnApi(list, async (api, printer, _, ct) =>
        {
            var events = await api.EventsAsync(ct);
            if (printer.IsJson) printer.Json(events, ContractJson.Default.IReadOnlyListTrustEvent);
            else foreach (var one in events) Print(printer, one);
        });
        return new Command("events", "What happens in the mesh.") { list, watch };
    }

    private static void Print(Printer printer, TrustEvent one)
    {
        if (printer.IsJson) printer.JsonLine(one, ContractJson.Default.TrustEvent);
        else printer.Line($"{Shown.Time(one.At)}  {one.Kind,-10} {one.Name ?? (one.Device is { } id ? Shown.ShortId(id) : "-"),-20} {one.Text} ({one.Actor})");
    }
}
