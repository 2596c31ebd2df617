using TrustMesh.Agent.Door;
using TrustMesh.Wire;

namespace TrustMesh.Agent.Commands;

/// <summary>Peers for people: one a line.</summary>
internal static class PeerPrint
{
    private static readonly string[] Columns = ["NAME", "ID", "SITE", "TIER", "VERDICT", "UNTIL", "ADDRESS", "REASON"];

    public static int Table(TextWriter output, IReadOnlyList<DoorPeer> peers, bool printed)
    {
        if (printed) return ExitCode.Ok;
        if (peers.Count == 0)
        {
            Console.Error.WriteLine("This device knows no peer yet. The silo assigns them; see: trustmesh-agent status");
            return ExitCode.Ok;
        }
        string[][] rows = [Columns, .. peers.Select(peer => new[]
        {
            peer.Name ?? "-", Short(peer), peer.Site ?? "-", peer.Tier ?? "-", peer.Verdict, peer.Allowed ? Clock(peer) : "-", peer.Address ?? "-", peer.Reason ?? "",
        })];
        var widths = Enumerable.Range(0, Columns.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows) output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        return ExitCode.Ok;
    }

    /// <summary>One line, then what did not pass.</summary>
    public static void Verdict(TextWriter output, DoorDetail peer)
    {
        output.WriteLine(string.Join("  ", Parts(peer).Append($"{peer.Passed} checks passed")));
        Because(output, peer);
    }

    public static string Line(DoorPeer peer) => string.Join("  ", [.. Parts(peer), .. peer.Reason is null ? Array.Empty<string>() : [peer.Reason]]);

    public static void Detail(TextWriter output, DoorDetail peer)
    {
        void Line(string label, string? text) => output.WriteLine($"{label,-11} {text ?? "-"}");
        Line("Name", peer.Name);
        Line("Id", peer.Peer);
        Line("Site", peer.Site);
        Line("Model", peer.Model);
        Line("Allowed", peer.Allowed ? "yes" : "no");
        Line("Verdict", peer.Verdict);
        Line("Tier", peer.Tier);
        Line("Judged", peer.Judged is null ? null : $"{peer.Judged}, {peer.NonceAgeMs} ms after it was asked");
        Line("Expires", peer.Expires);
        Line("Address", peer.Address);
        Line("Listens at", peer.Addresses.Count == 0 ? null : string.Join(", ", peer.Addresses));
        Line("Assigned", peer.Assigned ? "yes" : "no, they met");
        Line("Passed", $"{peer.Passed} checks");
        if (peer.Reason is not null) Line("Reason", peer.Reason);
        Because(output, peer);
    }

    private static IEnumerable<string> Parts(DoorPeer peer)
        => [peer.Verdict, $"{peer.Name ?? "unknown"} ({Short(peer)})", .. peer.Tier is null ? Array.Empty<string>() : [peer.Tier], .. peer.Allowed ? [$"until {Clock(peer)}"] : Array.Empty<string>()];

    private static void Because(TextWriter output, DoorDetail peer)
    {
        foreach (var finding in peer.Because) output.WriteLine($"  {finding.Outcome,-12}  {finding.Check}  {finding.Claim}: expected {finding.Expected}, got {finding.Got} ({finding.Rule})");
    }

    private static string Short(DoorPeer peer) => DeviceId.TryParse(peer.Peer, out var id) ? id.Short : "-";

    /// <summary>The time of day is enough: verdicts count for minutes.</summary>
    private static string Clock(DoorPeer peer) => peer.Expires is { Length: > 11 } time ? time[11..] : "-";
}
