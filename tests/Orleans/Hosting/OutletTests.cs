using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using Orleans.Runtime;
using TrustMesh.Orleans.Following;
using TrustMesh.Orleans.Grains;
using TrustMesh.Orleans.Hosting;
using TrustMesh.Tests.Agent;
using TrustMesh.Tests.Orleans.Contracts;
using TrustMesh.Tests.Trust;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Orleans.Hosting;

/// <summary>What a silo tells others together with more of it: in few calls, bounded, and said again if it did not get there.</summary>
public sealed class OutletTests
{
    private readonly ManualTime time = new();
    private readonly AskedGrains grains = new();

    [Fact]
    public async Task Proofs_without_news_go_together_and_the_newest_of_a_device_says_it_all()
    {
        var outlet = new ShardOutlet(grains.Factory, NullLogger<ShardOutlet>.Instance, time);
        for (var round = 1; round <= 3; round++)
            foreach (var device in Devices(100)) await outlet.PublishAsync(device, [Proof(device, round)]);
        Assert.Empty(grains.Published);
        time.Advance(TimeSpan.FromMilliseconds(60));
        await Eventually.TrueAsync(() => grains.Published.Sum(call => call.Items.Length) == 100, "all proofs to be told");
        Assert.InRange(grains.Published.Count, 1, Shards.Count);
        Assert.All(grains.Published.SelectMany(call => call.Items), item => Assert.Equal(3, item.Entry!.Version));
        Assert.All(grains.Published, call => Assert.All(call.Items, item => Assert.Equal(call.Shard, Shards.Of(item.Entry!.Device))));
    }

    /// <summary>Two of one shard for a moment: what the one that went was told, the other has not read. Found by a chaos run.</summary>
    [Fact]
    public async Task What_a_shard_that_goes_was_told_is_told_to_the_one_that_stays_unless_it_is_older_than_what_waits()
    {
        var outlet = new ShardOutlet(grains.Factory, NullLogger<ShardOutlet>.Instance, time);
        var devices = Devices(2);
        await outlet.PublishAsync(devices[0], [Proof(devices[0], 3)]);
        outlet.Tell([Proof(devices[0], 2), Proof(devices[1], 4), Proof(devices[1], 5) with { Lines = [new(time.GetUtcNow(), TrustMesh.Trust.Twins.EventKind.Verdict, "affirming", "device")] }]);
        time.Advance(TimeSpan.FromSeconds(2));
        await Eventually.TrueAsync(() => grains.Published.Sum(call => call.Items.Length) == 2, "both devices to be told");
        Assert.Equal([3, 5], grains.Published.SelectMany(call => call.Items).Select(item => item.Entry!.Version).Order());
        Assert.All(grains.Published.SelectMany(call => call.Items), item => Assert.True(item.Lines is null or []));
    }

    [Fact]
    public async Task What_somebody_waits_for_goes_at_once_and_its_failure_is_told()
    {
        var outlet = new ShardOutlet(grains.Factory, NullLogger<ShardOutlet>.Instance, time);
        var device = Devices(1)[0];
        await outlet.PublishAsync(device, [Proof(device, 1) with { Entry = Proof(device, 1).Entry! with { Standing = Standing.Revoked } }]);
        Assert.Single(grains.Published);
        grains.Failure = new TimeoutException("no answer");
        await Assert.ThrowsAsync<TimeoutException>(() => outlet.PublishAsync(device, [Proof(device, 2) with { Lines = [new(time.GetUtcNow(), TrustMesh.Trust.Twins.EventKind.Alarm, "odd", "device")] }]));
    }

    [Fact]
    public async Task A_shard_that_does_not_answer_keeps_nothing_from_the_others_and_nothing_for_ever()
    {
        var outlet = new ShardOutlet(grains.Factory, NullLogger<ShardOutlet>.Instance, time);
        var devices = Devices(200);
        grains.Failure = new TimeoutException("no answer");
        grains.FailingShard = Shards.Of(devices[0]);
        foreach (var device in devices) await outlet.PublishAsync(device, [Proof(device, 1)]);
        time.Advance(TimeSpan.FromMilliseconds(60));
        await Eventually.TrueAsync(() => grains.Published.Sum(call => call.Items.Length) == devices.Count(device => Shards.Of(device) != grains.FailingShard), "the other shards to be told");
        grains.Failure = null;
        await outlet.PublishAsync(devices[0], [Proof(devices[0], 2)]);
        // With what failed, some seconds later.
        time.Advance(TimeSpan.FromSeconds(30));
        await Eventually.TrueAsync(() => grains.Published.Any(call => call.Items.Any(item => item.Entry!.Device == devices[0] && item.Entry.Version == 2)), "the next proof to be told");
    }

    [Fact]
    public async Task Acknowledgements_go_together_once_each_and_again_only_when_they_were_lost()
    {
        var outlet = new AckOutlet(grains.Factory, NullLogger.Instance, time);
        var devices = Devices(4_500);
        foreach (var device in devices)
            for (var again = 0; again < 3; again++) outlet.Add(new(device, 1, 5, 0, "here", time.GetUtcNow()));
        grains.Failure = new TimeoutException("no answer");
        time.Advance(TimeSpan.FromMilliseconds(110));
        await Eventually.TrueAsync(() => grains.Asked > 0, "the first try");
        grains.Failure = null;
        // The device says it with its next question.
        foreach (var device in devices) outlet.Add(new(device, 1, 5, 0, "here", time.GetUtcNow()));
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(110));
            return grains.Acknowledged.Sum(some => some.Length) >= 4_500;
        }, "every device to be told of");
        Assert.All(grains.Acknowledged, some => Assert.InRange(some.Length, 1, 2_000));
        Assert.Equal(4_500, grains.Acknowledged.SelectMany(some => some).Select(one => one.Device).Distinct().Count());
        Assert.Equal(4_500, grains.Acknowledged.Sum(some => some.Length));
    }

    private static DeviceId[] Devices(int count) => [.. Enumerable.Range(0, count).Select(i => DeviceId.FromRootKey([(byte)i, (byte)(i >> 8)]))];

    private static ShardItem Proof(DeviceId device, long version)
        => new(new(device, "device", "lab", "sensor", AssuranceTier.Software, Standing.Active, TrustTier.Affirming, null, null, DateTimeOffset.UnixEpoch, null, version), Lines: []);
}
