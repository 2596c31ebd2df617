using System.Net;
using TrustMesh.Contracts;
using TrustMesh.Tests.Orleans.Parts;
using TrustMesh.Orleans.Storage;
using TrustMesh.Wire.Messages;
using Orleans;

namespace TrustMesh.Tests.Orleans.Faults;

/// <summary>Rows that cannot be read: whom they are of is named, at every silo; everything else works; and a row that was restored counts again.</summary>
[Collection(FaultCollection.Name)]
public sealed class UnreadableRowTests(TwoSilos fixture)
{
    private RunningCluster Mesh => fixture.Cluster;

    [Fact]
    public async Task A43_unreadable_rows_are_isolated_and_named_at_every_silo_and_count_again_once_they_are_restored()
    {
        using var broken = await Mesh.JoinAsync(0, "broken");
        using var whole = await Mesh.JoinAsync(1, "whole");
        foreach (var device in (TrustMesh.Tests.Host.TestDevice[])[broken, whole]) await device.ProveAsync();
        await using var rig = await StorageRig.StartAsync(StorageRig.Address(Mesh.Azurite!.Address("mesh"), Mesh.Azurite.Key), "damage");
        var stores = new Stores(rig.Storage);
        var row = (await stores.Rows.ReadAsync("twin", broken.Id.Text))!;
        await Stores.DamageAsync(rig.Storage, "twin", broken.Id.Text);
        // Verdicts of a device on its peers.
        await stores.Records.WriteAsync("peers", whole.Id.Text, 0, new byte[] { 1, 2, 3 }, default);
        // Both have to read what is stored.
        foreach (var silo in (int[])[1, 0])
        {
            await Mesh[silo].KillAsync();
            await Mesh[silo].StartAsync();
        }
        for (var silo = 0; silo < 2; silo++)
        {
            var at = silo;
            using var client = Mesh.Operator(silo);
            await RunningCluster.EventuallyAsync(async () =>
            {
                using var answer = await client.GetAsync($"devices/{broken.Id.Text}");
                return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
            }, answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable && answer.Item2.Contains("cannot be read", StringComparison.Ordinal));
            await broken.ConnectAsync(Mesh[silo].Devices);
            Assert.Equal("unavailable", (await broken.PostAsync("/device/v1/challenge", new ChallengeRequest(broken.Id).Encode())).Code);
            await whole.ConnectAsync(Mesh[silo].Devices);
            Assert.Equal(Standing.Active, (await whole.ProveAsync()).Standing);
            await RunningCluster.EventuallyAsync(() => Mesh.GetAsync<DevicePage>(at, "devices?q=whole"), page => page.Total == 1);
        }
        var said = Mesh[0].Everything + Mesh[1].Everything;
        Assert.Contains($"The stored state of device {broken.Id.Text} is unreadable and isolated", said, StringComparison.Ordinal);
        Assert.Contains($"The stored verdicts of device {whole.Id.Text} on its peers are unreadable and isolated", said, StringComparison.Ordinal);

        // From the backup.
        var state = new GrainState<RowBytes>();
        await rig.Storage.ReadStateAsync("row", RowName.Of("twin", broken.Id.Text), state);
        state.State = new() { Bytes = RowFormat.Encode(row.Version, row.Payload.Span) };
        await rig.Storage.WriteStateAsync("row", RowName.Of("twin", broken.Id.Text), state);
        for (var silo = 0; silo < 2; silo++)
        {
            var at = silo;
            await broken.ConnectAsync(Mesh[silo].Devices);
            Assert.Equal(Standing.Active, (await broken.ProveAsync()).Standing);
            await RunningCluster.EventuallyAsync(async () =>
            {
                using var client = Mesh.Operator(at);
                using var answer = await client.GetAsync($"devices/{broken.Id.Text}");
                return answer.StatusCode;
            }, status => status == HttpStatusCode.OK);
        }
    }
}
