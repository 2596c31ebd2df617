using System.CommandLine;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;

namespace TrustMesh.Cli.Commands;

/// <summary><c>edge</c>: who examined whom, and with what verdict.</summary>
internal static class EdgeCommands
{
    public static Command Build(Shell shell) => new("edge", "Edges: what devices say about each other.") { List(shell), Show(shell), Examine(shell) };

    private static Command List(Shell shell)
    {
        var device = new Argument<string?>("DEVICE") { Description = "Only edges from and to this device.", Arity = ArgumentArity.ZeroOrOne };
        var query = new Option<string?>("--query", "-q") { Description = $"Only edges from or to devices that it finds, such as '{DeviceCommands.Example}'; see: trustmesh query fields", HelpName = "QUERY" };
        var look = new Option<string?>("--look") { Description = "Only edges whose verdicts look like this, or like one of several with commas between.", HelpName = string.Join('|', EdgeQuery.Verdicts) };
        var command = new Command("list", "All edges, or those a query finds.") { device, query, look };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var edges = await api.EdgesAsync(parsed.GetValue(device), parsed.GetValue(query), parsed.GetValue(look), ct);
            if (printer.IsJson) printer.Json(edges, ContractJson.Default.IReadOnlyListPeerEdge);
            else
                printer.Table(["FROM", "TO", "STATUS", "FRESH", "TIER", "EXAMINED", "EXPIRES", "DOUBTED"],
                    edges.Select(one => new[] { one.FromName, one.ToName, one.Status, Shown.YesNo(one.Fresh), one.Tier, Shown.Time(one.IssuedAt), Shown.Time(one.ExpiresAt), Shown.YesNo(one.Doubted) }));
        });
        return command;
    }

    private static Command Show(Shell shell)
    {
        var (from, to) = (End("FROM"), End("TO"));
        var command = new Command("show", "One edge, both ways: verdicts, why, and the last rounds.") { from, to };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var edge = await api.EdgeAsync(parsed.GetRequiredValue(from), parsed.GetRequiredValue(to), ct);
            if (printer.IsJson) printer.Json(edge, ContractJson.Default.EdgeDetail);
            else EdgePrint.Print(printer, edge);
        });
        return command;
    }

    private static Command Examine(Shell shell)
    {
        var (from, to) = (End("FROM"), End("TO"));
        var command = new Command("examine", "Ask FROM to examine TO now.") { from, to };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            await api.ExamineAsync(parsed.GetRequiredValue(from), parsed.GetRequiredValue(to), ct);
            printer.Note($"{parsed.GetRequiredValue(from)} was asked to examine {parsed.GetRequiredValue(to)}; see: trustmesh edge show {parsed.GetRequiredValue(from)} {parsed.GetRequiredValue(to)}");
        });
        return command;
    }

    private static Argument<string> End(string name) => new(name) { Description = Arguments.Device().Description };
}
