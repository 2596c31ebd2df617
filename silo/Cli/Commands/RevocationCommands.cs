using System.CommandLine;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Commands;

/// <summary><c>revocation</c>: who is on the status list, how it came to be, and which devices enforce it; and what waits for a second person.</summary>
internal static class RevocationCommands
{
    public static Command Build(Shell shell) => new("revocation", "The status list: who is revoked or suspended, and who knows it; and revocations that need a second person.")
    {
        List(shell), Show(shell), Propagation(shell),
        RevocationRequestCommands.Requests(shell), RevocationRequestCommands.Approve(shell), RevocationRequestCommands.Reject(shell), RevocationRequestCommands.Rule(shell),
    };

    private static Command List(Shell shell)
    {
        var limit = new Option<int>("--limit") { Description = "Most lists that are shown (1 to 1000).", HelpName = "N", DefaultValueFactory = _ => 100 };
        var command = new Command("list", "Status lists, newest first, one line for each thing they changed. Of lists that were only signed anew, the newest between two changes.") { limit };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var history = await api.RevocationHistoryAsync(parsed.GetValue(limit), ct);
            if (printer.IsJson) printer.Json(history, ContractJson.Default.IReadOnlyListRevocationIssue);
            else printer.Table(["SERIAL", "ISSUED", "DEVICE", "NOW", "BY", "REASON"], history.SelectMany(Rows));
        });
        return command;
    }

    private static Command Show(Shell shell)
    {
        var command = new Command("show", "The status list in force: its devices, since which list, and why.");
        shell.OnApi(command, async (api, printer, _, ct) =>
        {
            var list = await api.RevocationsAsync(ct);
            if (printer.IsJson)
            {
                printer.Json(list, ContractJson.Default.RevocationView);
                return;
            }
            printer.Facts([
                ("serial", Shown.Number(list.Serial)), ("list", list.Uri), ("issued", Shown.Time(list.IssuedAt)), ("expires", Shown.Time(list.ExpiresAt)),
                ("entries", Shown.Number(list.Size)), ("listed", Shown.Number(list.Devices.Count)),
            ]);
            if (list.Devices.Count == 0) return;
            printer.Heading("Not trusted by anyone:");
            printer.Table(["ID", "NAME", "STANDING", "SINCE", "AT", "REASON"],
                list.Devices.Select(one => new[] { Shown.ShortId(one.Id), one.Name, one.Standing, Shown.Number(one.Since), Shown.Time(one.At), one.Reason ?? "-" }));
        });
        return command;
    }

    private static Command Propagation(Shell shell)
    {
        var serial = new Argument<long?>("SERIAL") { Description = "Of a status list, as in the list; the one in force if left out.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("propagation", "How far a status list has come: how many devices enforce it, how long it took, who is missing.") { serial };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var view = await api.PropagationAsync(parsed.GetValue(serial), ct);
            if (printer.IsJson)
            {
                printer.Json(view, ContractJson.Default.PropagationView);
                return;
            }
            printer.Facts([
                ("serial", Shown.Number(view.Serial)), ("issued", Shown.Time(view.IssuedAt)), ("acknowledged", $"{view.Acknowledged} of {view.Devices}"),
                ("p50", Milliseconds(view.P50Ms)), ("p99", Milliseconds(view.P99Ms)),
                ("gaps", Shown.Number(view.Acks.Count(ack => ack.Gaps > 0))), ("missing", view.Waiting.Count == 0 ? "nobody" : string.Join(", ", view.Waiting)),
            ]);
            if (view.Acks.Count == 0) return;
            printer.Heading("Enforced by, slowest first:");
            printer.Table(["ID", "NAME", "AFTER", "GAPS"], view.Acks.Select(ack => new[] { Shown.ShortId(ack.Id), ack.Name, Milliseconds(ack.Milliseconds), Shown.Number(ack.Gaps) }));
        });
        return command;
    }

    private static IEnumerable<string[]> Rows(RevocationIssue list)
        => list.Changes.Count == 0 ? [[Shown.Number(list.Serial), Shown.Time(list.IssuedAt), "-", "signed anew", "-", "-"]]
            : list.Changes.Select(change => new[] { Shown.Number(list.Serial), Shown.Time(list.IssuedAt), change.Name, change.Standing, change.Actor, change.Reason ?? "-" });

    private static string Milliseconds(long? time) => time is { } ms ? $"{ms} ms" : "-";
}
