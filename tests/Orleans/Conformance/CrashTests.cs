using System.Collections.Immutable;
using TrustMesh.Contracts;
using TrustMesh.Orleans.Grains;
using TrustMesh.Orleans.Hosting;
using TrustMesh.Tests.Host;
using TrustMesh.Tests.Orleans.Parts;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Orleans.Conformance;

/// <summary>A silo died after a twin was saved and before anybody heard of it: what is stored counts.</summary>
public sealed class CrashTests
{
    [Fact]
    public async Task A35_A_decision_that_was_saved_and_not_told_is_on_the_list_when_the_authority_comes_up()
    {
        using var redis = RedisServer.Start();
        await using var silo = await RunningSilo.StartAsync(settings => settings with { Cluster = ClusterOfOne.Options(redis, "silo") });
        using var device = await silo.JoinAsync("stolen");
        await device.ProveAsync();
        await SaveRevokedAsync(silo, device);
        Assert.Empty((await silo.GetAsync<RevocationView>("revocations")).Devices);
        await silo.RestartAsync();
        Assert.Equal(("stolen", "revoked"), Assert.Single((await silo.GetAsync<RevocationView>("revocations")).Devices) is var listed ? (listed.Name, listed.Standing) : default);
        Assert.Equal("revoked", (await silo.GetAsync<DeviceDetail>("devices/stolen")).Device.Standing);
    }

    [Fact]
    public async Task A35_A_decision_that_was_announced_saved_and_not_told_is_found_by_the_shard()
    {
        using var redis = RedisServer.Start();
        var time = new ShiftedTime();
        await using var silo = await RunningSilo.StartAsync(settings => settings with { Cluster = ClusterOfOne.Options(redis, "silo") }, time);
        using var device = await silo.JoinAsync("stolen");
        // The twin is in no silo's memory, as after the death of the one that had it.
        await silo.RestartAsync();
        await ((ClusterPlace)silo.Silo.Place).Grains.GetGrain<IShardGrain>(Shards.Of(device.Id)).ExpectAsync(device.Id);
        await SaveRevokedAsync(silo, device);
        Assert.Empty((await silo.GetAsync<RevocationView>("revocations")).Devices);
        time.Ahead = TimeSpan.FromSeconds(11);
        await RunningCluster.EventuallyAsync(() => silo.GetAsync<RevocationView>("revocations"), view => view.Devices.Any(one => one.Name == "stolen"));
        await RunningCluster.EventuallyAsync(() => silo.GetAsync<DeviceDetail>("devices/stolen"), detail => detail.Device.Standing == "revoked");
    }

    private static async Task SaveRevokedAsync(RunningSilo silo, TestDevice device)
    {
        var row = (await silo.Silo.Place.TwinStore.LoadAsync(device.Id, default))!;
        var state = TwinStateCodec.Decode(row.State, row.Version);
        var revoked = state with
        {
            Standing = Standing.Revoked, Membership = default, MembershipUntil = DateTimeOffset.UnixEpoch,
            Timeline = state.Timeline.Add(new(silo.Silo.Time.GetUtcMillisecond(), EventKind.Revoked, "stolen", "ann")),
        };
        await silo.ReplaceAsync(device.Id, TwinStateCodec.Encode(revoked), []);
    }
}
