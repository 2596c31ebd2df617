using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

/// <summary>What the devices of a <see cref="FakeFleet"/> say of each other, and the status list.</summary>
public sealed partial class FakeFleet
{
    /// <summary>Examinations by <c>from&gt;to</c>.</summary>
    public Dictionary<string, GraphEdge> Edges { get; } = [];

    /// <summary>Devices whose verdicts keep contradicting those of others.</summary>
    public HashSet<string> Doubted { get; } = [];

    public RevocationView Revocations { get; set; } = new(7, "https://mesh.example/status/1", DateTimeOffset.UtcNow.AddMinutes(-4), DateTimeOffset.UtcNow.AddHours(23), 65_536, []);

    public PropagationView Propagation { get; set; } = new(7, DateTimeOffset.UtcNow.AddMinutes(-4), 0, 0, null, null, [], []);

    /// <summary>Each device examines the next few, mostly of other sites, and mostly they examine it back.</summary>
    public void Introduce(int peers)
    {
        var devices = Devices.Values.Where(device => device.Standing != "pending").ToList();
        var random = new Random(11);
        int[] steps = [1, 5, 2, 7, 3, 11, 13, 17];
        for (var i = 0; i < devices.Count; i++)
        {
            foreach (var step in steps.Take(peers / 2).Where(step => step < devices.Count))
            {
                var (one, other) = (devices[i], devices[(i + step) % devices.Count]);
                Judge(one, other, random.Next(20) == 0 ? random.Next(20, 60) : null);
                Judge(other, one, random.Next(20) == 0 ? random.Next(20, 60) : null);
            }
        }
        var listed = Devices.Values.Where(device => device.Standing is "suspended" or "revoked").ToList();
        Revocations = Revocations with
        {
            Devices = [.. listed.Select((device, at) => new RevokedDevice(
                device.Id, device.Name, device.Standing, 40 + (7 * at), 3 + (at % 5), Now.AddMinutes(-9 * (at + 1)), device.Standing == "revoked" ? "stolen from hall 3" : "maintenance"))],
        };
        var active = Devices.Values.Where(device => device.Standing == "active").ToList();
        var waiting = active.Where((_, at) => at % 17 == 9).ToList();
        Propagation = Propagation with
        {
            Devices = active.Count, Acknowledged = active.Count - waiting.Count, P50Ms = 412, P99Ms = 1_380, Waiting = [.. waiting.Select(device => device.Name)],
            Acks = [.. active.Except(waiting).Select((device, at) => new RevocationAck(device.Id, device.Name, 180 + (at * 37 % 1200), at % 23 == 5 ? 2 : 0))],
        };
    }

    /// <summary>By at least three others, as a silo with the quorum of <see cref="Policy"/> counts; of a fleet without edges nearly all.</summary>
    public MeshCoverage Coverage()
    {
        var active = Devices.Values.Where(device => device.Standing == "active").Select(device => device.Id).ToHashSet();
        var words = Edges.Values.Where(edge => active.Contains(edge.From) && edge.Fresh && edge.Status is "affirming" or "warning").CountBy(edge => edge.To).ToDictionary();
        var needed = Math.Clamp(active.Count - 1, 0, 3);
        return new(active.Count, Edges.Count == 0 ? active.Count * 97 / 100 : active.Count(id => words.GetValueOrDefault(id) >= needed), needed, 3);
    }

    /// <param name="late">Seconds since the proof ran out; null: it counts.</param>
    public GraphEdge Judge(DeviceSummary from, DeviceSummary to, int? late = null, string? status = null)
    {
        var issued = late is { } seconds ? Now.AddSeconds(-600 - seconds) : Now.AddSeconds(-(Edges.Count % 47) - 1);
        return Put(new GraphEdge(from.Id, to.Id, status ?? (to.Status == "none" ? "none" : to.Status), late is null, issued, issued.AddSeconds(600)));
    }

    public GraphEdge Put(GraphEdge edge) => Edges[$"{edge.From}>{edge.To}"] = edge;

    public PeerEdge Line(GraphEdge edge) => new(
        edge.From, Devices[edge.From].Name, edge.To, Devices[edge.To].Name, edge.Status, Devices[edge.To].Tier, edge.Fresh, edge.ProvenAt!.Value, edge.ExpiresAt!.Value,
        Doubted.Contains(edge.From));

    public EdgeDetail Edge(string from, string to) => new(Side(from, to), Side(to, from));

    private EdgeSide? Side(string from, string to)
    {
        if (Edges.GetValueOrDefault($"{from}>{to}") is not { } edge)
            return null;
        var (issuer, subject) = (Devices[from], Devices[to]);
        var failed = edge.Status == "contraindicated";
        var reason = failed ? $"{subject.Name}: /app/press.conf is {s_bad}" : null;
        var rounds = Enumerable.Range(0, 20).Select(back => new EdgeRound(
            220 - back, edge.ProvenAt!.Value.AddSeconds(-60 * back),
            back < 3 ? edge.Status : back == 11 ? "warning" : back == 14 ? "none" : "affirming", 300 + (back * 137 % 800), back < 3 ? reason : back == 14 ? "no answer within 10 s" : null));
        Because[] because = failed
            ? [new("file", "/app/press.conf", s_good, s_bad, $"reference values of {subject.Model}, version 2", "fail")]
            : edge.Status == "warning" ? [new("secure-boot", "secure boot", "on", "not reported", "policy site version 4", "warn")] : [];
        return new EdgeSide(
            from, issuer.Name, to, subject.Name, edge.Status, subject.Tier, edge.Fresh, edge.ProvenAt!.Value, edge.ExpiresAt!.Value, "site", 4, 2, Revocations.Serial, 812,
            failed ? 36 : 37, because, [.. rounds], Doubted.Contains(from), edge.ProvenAt!.Value.AddMinutes(-2));
    }
}
