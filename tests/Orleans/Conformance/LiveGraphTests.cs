using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net.Http.Json;
using TrustMesh.Contracts;
using TrustMesh.Orleans.Hosting;
using TrustMesh.Tests.Host;
using TrustMesh.Tests.Orleans.Parts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Orleans.Conformance;

/// <summary>What every silo hears of by itself: the live graph, at each silo the same, and what costs the mesh's one authority nothing.</summary>
public sealed class LiveGraphTests
{
    /// <summary>Nine proofs of a device at one silo, the first of all among them, are eighteen requests; from the twenty-first on a fast machine would be told to wait (attack A42).</summary>
    private const int Devices = 4, Rounds = 8;

    [Fact]
    public async Task Two_readers_at_two_silos_draw_the_same_by_deltas_while_things_change_and_after_one_silo_was_away()
    {
        await using var pair = await PairOfSilos.StartAsync();
        await using var one = await GraphReader.AtAsync(pair.One);
        await using var two = await GraphReader.AtAsync(pair.Two);
        var (kept, before) = (new List<TestDevice>(), (one.Deltas, two.Deltas));
        await ChangeAsync(pair.Both, "first", kept);
        await AgreeAsync();
        // They heard of everything, and nothing was fetched again.
        Assert.True(one.Deltas - before.Item1 >= Devices && two.Deltas - before.Item2 >= Devices, $"{one.Deltas} and {two.Deltas} deltas");
        Assert.Equal((1, 1), (one.Snapshots, two.Snapshots));

        // Its shards go to the other, and it misses what happens; numbers of its own run are unknown afterwards.
        await pair.Two.StopAsync();
        await ChangeAsync([pair.One], "second", kept);
        await pair.Two.StartAgainAsync();
        await ChangeAsync(pair.Both, "third", kept);
        await AgreeAsync();
        Assert.Equal(1, one.Snapshots);
        Assert.InRange(two.Snapshots, 2, 5);
        kept.ForEach(device => device.Dispose());

        async Task AgreeAsync()
        {
            var drawn = await RunningCluster.EventuallyAsync(async () => (One: one.Drawn, Two: two.Drawn, Truth: GraphReader.Draw(await pair.One.GetAsync<GraphSnapshot>("graph"))), all => all.One == all.Truth && all.Two == all.Truth);
            foreach (var device in kept) Assert.Contains(device.Id.Text, drawn.One, StringComparison.Ordinal);
            Assert.Contains(" revoked ", drawn.One, StringComparison.Ordinal);
            Assert.Contains(" suspended ", drawn.One, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_proof_without_news_asks_nothing_of_the_authority_wherever_it_arrives()
    {
        await using var pair = await PairOfSilos.StartAsync();
        var meters = pair.Both.Select(silo => ((ClusterPlace)silo.Silo.Place).AuthorityMeter.Meter).ToHashSet();
        var calls = new ConcurrentQueue<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listening) => { if (meters.Contains(instrument.Meter)) listening.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => calls.Enqueue((string)tags[0].Value!));
        listener.Start();
        var devices = new List<TestDevice>();
        for (var i = 0; i < 2 * Devices; i++) devices.Add(await pair.Both[i % 2].JoinAsync($"device-{i}"));
        // The first proof is news. That a device joined was told to it, and is counted: else what follows would say nothing.
        foreach (var device in devices) await device.ProveAsync();
        Assert.NotEmpty(Asked());
        var before = Asked().Count;
        foreach (var silo in pair.Both)
            foreach (var device in devices)
            {
                await device.ConnectAsync(silo.Devices);
                for (var round = 0; round < Rounds; round++) Assert.Equal(Standing.Active, (await device.ProveAsync()).Standing);
            }
        // One for each proof would be sixteen times as many; what the first proofs had to say may come late.
        Assert.InRange(Asked().Count - before, 0, devices.Count);

        // Silos follow it all the time, however many devices there are.
        List<string> Asked() => [.. calls.Where(call => call is not ("FollowAsync" or "ReportsAsync"))];
        devices.ForEach(device => device.Dispose());
    }

    /// <summary>Devices join, prove themselves, are tagged, suspended, resumed and revoked, at each of the silos in turn.</summary>
    private static async Task ChangeAsync(IReadOnlyList<RunningSilo> silos, string when, List<TestDevice> kept)
    {
        RunningSilo At(int i) => silos[i % silos.Count];
        for (var i = 0; i < Devices; i++)
        {
            var device = await At(i).JoinAsync($"{when}-{i}");
            kept.Add(device);
            await device.ProveAsync();
            await device.ConnectAsync(At(i + 1).Devices);
            device.Measure($"/etc/{when}.conf", "other");
            await device.ProveAsync();
            using (var tagged = await At(i).Operator.PatchAsJsonAsync($"devices/{device.Id.Text}/tags", new TagEdit([when]))) Assert.True(tagged.IsSuccessStatusCode, await tagged.Content.ReadAsStringAsync());
            await At(i).PostAsync<DeviceSummary>($"devices/{device.Id.Text}/suspend", new Decision(when));
            if (i % 2 == 0) await At(i + 1).PostAsync<DeviceSummary>($"devices/{device.Id.Text}/resume", new Decision(when));
        }
        await At(1).PostAsync<DeviceSummary>($"devices/{kept[^2].Id.Text}/revoke", new Decision(when));
    }
}
