using System.Diagnostics;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

/// <summary>
/// What goes on in a large mesh, told by a <see cref="FakeSilo"/>: half of the changes are proofs of devices, of which one in eight is found otherwise than before; half are
/// examinations of each other.
/// </summary>
/// <param name="rate">Changes a second.</param>
public sealed class FleetChanges(FakeSilo silo, int rate)
{
    private static readonly TimeSpan s_beat = TimeSpan.FromMilliseconds(100);
    private readonly Random _random = new(5);
    private readonly string[] _devices = [.. silo.Fleet.Devices.Values.Where(device => device.Standing == "active").Select(device => device.Id)];
    private int _failed = silo.Fleet.Devices.Values.Count(device => device is { Standing: "active", Status: "contraindicated" });
    private readonly string[] _edges = [.. silo.Fleet.Edges.Keys];

    /// <summary>Ten times a second, for so long.</summary>
    public async Task GoOnAsync(TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(s_beat);
        for (var owed = 0.0; clock.Elapsed < time && await timer.WaitForNextTickAsync();)
        {
            owed += rate * s_beat.TotalSeconds / 2;
            var now = DateTimeOffset.UtcNow;
            var (nodes, edges) = (new Dictionary<string, DeviceSummary>(), new HashSet<GraphEdge>());
            for (; owed >= 1; owed--)
            {
                var device = silo.Fleet.Devices[_devices[_random.Next(_devices.Length)]];
                var status = _random.Next(8) > 0 && device.Status != "none" ? device.Status : device.Status != "affirming" ? "affirming" : _failed > _devices.Length / 50 ? "warning" : "contraindicated";
                _failed += (status == "contraindicated" ? 1 : 0) - (device.Status == "contraindicated" ? 1 : 0);
                nodes[device.Id] = FakeFleet.Redraw(device with { Status = status, Fresh = true, ProvenAt = now, ExpiresAt = now.AddSeconds(600) });
                edges.Add(silo.Fleet.Edges[_edges[_random.Next(_edges.Length)]] with { Fresh = true, ProvenAt = now, ExpiresAt = now.AddSeconds(600) });
            }
            silo.Change([.. nodes.Values]);
            silo.Judge([.. edges]);
        }
    }
}
