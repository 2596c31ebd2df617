using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using TrustMesh.Contracts.Queries;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Feed;
using TrustMesh.Trust.Peers;
using TrustMesh.Trust.Records;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Bench;

/// <summary>
/// Fills what a mesh keeps of all its devices with made-up ones and says what each costs: bytes and times as measured. The real classes, one process, no store
/// behind them. TRUSTMESH_CAPACITY: how many devices, by commas; 10000,100000,1000000 without it.
/// </summary>
internal static class CapacityBench
{
    private const int Edges = 4;
    private static readonly DateTimeOffset Epoch = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        var rows = new List<Row>();
        foreach (var size in (Environment.GetEnvironmentVariable("TRUSTMESH_CAPACITY") ?? "10000,100000,1000000").Split(','))
        {
            var devices = Devices(int.Parse(size, CultureInfo.InvariantCulture));
            rows.AddRange(Replica(devices));
#if TRUSTMESH_ORLEANS
            rows.AddRange(Cluster.ShardCapacity.Run(devices));
#endif
            rows.AddRange(await AuthorityAsync(devices));
            rows.AddRange(await ListAsync(devices));
        }
        rows.Add(new("(machine)", MachineLoad.Say(), $"{Environment.ProcessorCount} cores", ""));
        return rows;
    }

    /// <summary>What each costs in memory, as long as <paramref name="make"/>'s result lives.</summary>
    internal static (T Made, double Bytes, TimeSpan Took) Weigh<T>(int count, Func<T> make)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clock = Stopwatch.StartNew();
        var made = make();
        var took = clock.Elapsed;
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(made);
        return (made, (after - before) / (double)count, took);
    }

    internal static double Milliseconds(Action act)
    {
        act();
        var clock = Stopwatch.StartNew();
        act();
        return clock.Elapsed.TotalMilliseconds;
    }

    /// <summary>A copy, as it comes out of a message or a row: nothing is shared with the one it was made from but its site and model.</summary>
    internal static DeviceEntry Copied(DeviceEntry entry, long version) => entry with { Name = new string(entry.Name), Version = version };

    internal static string Say(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    internal static EdgeEntry[] EdgesOf(DeviceEntry[] devices, int i)
        => [.. Enumerable.Range(1, Edges).Select(step => new EdgeEntry(devices[i].Device, devices[(i + (step * 7919)) % devices.Length].Device, TrustTier.Affirming, AssuranceTier.TpmQuote, 3, Epoch, Epoch.AddMinutes(10), Epoch, ""))];

    internal static DeviceEntry[] Devices(int count)
        => [.. Enumerable.Range(0, count).Select(i => new DeviceEntry(
            DeviceId.FromRootKey(BitConverter.GetBytes(i)), $"sensor-{i:d8}", string.Intern($"site-{i % 1000}"), string.Intern("gateway-mk2"), AssuranceTier.TpmQuote, Standing.Active, TrustTier.Affirming,
            Epoch, Epoch.AddMinutes(10), Epoch, Epoch.AddMinutes(10), 10) { StatusSince = Epoch, Firmware = "0007005511cb0000", Agent = "trustmesh-agent 0.1.0", Policy = 1 })];

    private static IEnumerable<Row> Replica(DeviceEntry[] devices)
    {
        var n = devices.Length;
        var (directory, each, took) = Weigh(n, () =>
        {
            var made = new DeviceDirectory(TimeProvider.System);
            foreach (var entry in devices) made.Put(Copied(entry, 10));
            return made;
        });
        yield return new($"directory, {Say(n)} devices", $"{each:N0} B each, {took.TotalMicroseconds / n:N2} µs to put",
            $"first page of a list after a new device {Milliseconds(() => directory.Put(Copied(devices[0], 11) with { Name = Guid.NewGuid().ToString() }), () => directory.List(new(null, 50, null, FleetQuery.Everything))):N0} ms, the next {Milliseconds(() => directory.List(new(null, 50, null, FleetQuery.Everything))):N0} ms; looks counted in {Milliseconds(() => directory.CountLooks()):N0} ms", "");
        var (edges, edgeBytes, edgesTook) = Weigh(n, () =>
        {
            var made = new PeerEdges(directory);
            for (var i = 0; i < n; i++) made.Put(devices[i].Device, 1, false, EdgesOf(devices, i));
            return made;
        });
        yield return new($"peer edges, {Say(n)} devices with {Edges} each", $"{edgeBytes:N0} B a device, {edgesTook.TotalMicroseconds / n:N2} µs to put", "", "");
        var feed = new TrustFeed("bench", "silo", directory, edges, RandomNumberGenerator.Create(), TimeProvider.System);
        if (n > 100_000) yield break;
        var snapshot = 0L;
        var snapping = Milliseconds(() => snapshot = JsonSerializer.SerializeToUtf8Bytes(feed.Snapshot()).LongLength);
        yield return new($"graph as a snapshot, {Say(n)} devices", $"{snapshot / (double)n:N0} B of JSON a device, {snapping:N0} ms", "before compression", "");
    }

    private static double Milliseconds(Action first, Action act)
    {
        act();
        first();
        var clock = Stopwatch.StartNew();
        act();
        return clock.Elapsed.TotalMilliseconds;
    }

    private static async Task<IReadOnlyList<Row>> AuthorityAsync(DeviceEntry[] devices)
    {
        var n = devices.Length;
        var store = new MemoryRecords();
        using var key = Key();
        var authority = new MeshAuthority(key, "bench", TimeProvider.System);
        foreach (var entry in devices) await store.WriteAsync("peer-address", entry.Device.Text, 0, System.Text.Encoding.ASCII.GetBytes("10.20.30.40:7444"), CancellationToken.None);
        using var random = RandomNumberGenerator.Create();
        using var assignments = new PeerAssignments(authority, store, new(store), () => Edges, random, TimeProvider.System);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clock = Stopwatch.StartNew();
        await assignments.LoadAsync(devices, CancellationToken.None);
        var took = clock.Elapsed;
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)n;
        // Of the entries themselves: they are shared with nobody at the authority.
        const int Asked = 2_000, Moved = 200;
        before = GC.GetTotalMemory(forceFullCollection: true);
        clock.Restart();
        for (var i = 0; i < Asked; i++) await assignments.ForAsync(devices[i * (n / Asked)].Device, CancellationToken.None);
        var signing = clock.Elapsed;
        var issued = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Asked;
        clock.Restart();
        for (var i = 0; i < Moved; i++) assignments.Note(devices[i * (n / Moved)] with { Standing = Standing.Suspended });
        for (var i = 0; i < Moved; i++) assignments.Note(devices[i * (n / Moved)]);
        var moving = clock.Elapsed / (Moved * 2);
        return
        [
            new($"assignments, {Say(n)} devices", $"{each:N0} B each and {issued:N0} B when signed; loaded in {took.TotalSeconds:N2} s", $"signed {Asked / signing.TotalSeconds:N0}/s on one thread; a device that comes or goes {moving.TotalMicroseconds:N0} µs", ""),
        ];
    }

    private static async Task<IReadOnlyList<Row>> ListAsync(DeviceEntry[] devices)
    {
        var n = devices.Length;
        var store = new MemoryRecords();
        using var key = Key();
        using var book = new StatusBook(new(key, "bench", TimeProvider.System), store, new(store), () => 3600, _ => { }, TimeProvider.System);
        await book.LoadAsync(CancellationToken.None);
        // One in a hundred was revoked, anywhere among all.
        for (var i = 0; i < n; i++) book.Note(new StatusChange(devices[i].Device, devices[i].Name, i % 100 == 7 ? Standing.Revoked : Standing.Active, i + 1, Epoch, "admin", i % 100 == 7 ? "taken from its pole" : ""));
        var clock = Stopwatch.StartNew();
        try
        {
            await book.StartAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1));
            var first = clock.Elapsed;
            clock.Restart();
            book.Note(new StatusChange(devices[1].Device, devices[1].Name, Standing.Revoked, 2, Epoch, "admin", "one more"));
            await book.SettledAsync(devices[1].Device, CancellationToken.None);
            return [new($"status list, {Say(n)} devices, 1 % revoked", $"{book.InForce.Signed.Length:N0} B signed; its row {store.Largest:N0} B", $"one more revocation {clock.Elapsed.TotalMilliseconds:N1} ms without a store (the first list {first.TotalMilliseconds:N0} ms)", "")];
        }
        catch (Exception failed)
        {
            return [new($"status list, {Say(n)} devices, 1 % revoked", "cannot be written", failed.Message, "")];
        }
    }

    private static SigningKey Key()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new(key.ExportParameters(true), "software");
    }
}
