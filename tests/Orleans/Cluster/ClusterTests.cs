using System.Net;
using System.Net.Http.Json;
using TrustMesh.Contracts;
using TrustMesh.Tests.Host;
using TrustMesh.Tests.Orleans.Parts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Orleans.Cluster;

/// <summary>Three silos of one mesh: whatever is done at one of them is so at all of them.</summary>
public sealed class ClusterTests(ThreeSilos fixture) : IClassFixture<ThreeSilos>
{
    private RunningCluster Mesh => fixture.Cluster;

    [Fact]
    public async Task A_device_joins_at_one_silo_and_proves_itself_at_each_of_them()
    {
        using var device = await Mesh.JoinAsync(0, "wanderer");
        for (var silo = 0; silo < 3; silo++)
        {
            await device.ConnectAsync(Mesh[silo].Devices);
            Assert.Equal(Standing.Active, (await device.ProveAsync()).Standing);
        }
        for (var silo = 0; silo < 3; silo++)
        {
            var at = silo;
            var seen = await RunningCluster.EventuallyAsync(() => Mesh.GetAsync<DevicePage>(at, "devices?q=wanderer"), page => page.Total == 1 && page.Items[0].Look == "trusted" || page.Total == 1 && page.Items[0].ProvenAt is not null);
            Assert.Equal(device.Id.Text, seen.Items[0].Id);
        }
    }

    [Fact]
    public async Task A_session_is_good_everywhere_and_ends_everywhere()
    {
        var code = await Mesh.PostAsync<OperatorCode>(0, "operators", new OperatorRequest("vera", "viewer"));
        using var answer = await Mesh[1].Anyone.PostAsJsonAsync("session", new SignIn(code.Code));
        var token = (await answer.Content.ReadFromJsonAsync<Session>())!.Token!;
        Assert.Equal(HttpStatusCode.OK, await AsAsync(2, token));
        Assert.Equal(HttpStatusCode.OK, await AsAsync(0, token));
        using var client = new HttpClient { BaseAddress = Mesh[0].Anyone.BaseAddress, DefaultRequestHeaders = { Authorization = new("Bearer", token) } };
        using var gone = await client.DeleteAsync("session");
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        await RunningCluster.EventuallyAsync(() => AsAsync(2, token), status => status == HttpStatusCode.Unauthorized);
        await RunningCluster.EventuallyAsync(() => AsAsync(1, token), status => status == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_code_is_burnt_for_all_silos_by_the_first_that_takes_it()
    {
        var code = await Mesh.PostAsync<OperatorCode>(0, "operators", new OperatorRequest("once", "viewer"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(silo => Mesh[silo].Anyone.PostAsJsonAsync("session", new SignIn(code.Code))));
        Assert.Single(answers, answer => answer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task A40_the_last_use_of_a_join_token_is_taken_once_across_silos()
    {
        var token = await Mesh.JoinTokenAsync(0, uses: 1);
        var devices = Enumerable.Range(0, 3).Select(i => new TestDevice($"racer-{i}")).ToList();
        await Task.WhenAll(devices.Select((device, i) => device.ConnectAsync(Mesh[i].Devices)));
        var ends = await Task.WhenAll(devices.Select(device => device.EnrolAsync(token)));
        Assert.Single(ends, end => end.Result is not null);
        Assert.Equal(2, ends.Count(end => end.Code == "token_refused"));
        devices.ForEach(device => device.Dispose());
    }

    [Fact]
    public async Task A35_a_revocation_at_one_silo_is_in_the_list_of_every_other_and_in_the_log()
    {
        using var device = await Mesh.JoinAsync(1, "stolen");
        await device.ProveAsync();
        var revoked = await Mesh.PostAsync<DeviceSummary>(2, $"devices/{device.Id.Text}/revoke", new Decision("taken from its pole"));
        Assert.Equal("revoked", revoked.Standing);
        // Who decided is answered when the list says it, and this silo has that list.
        var list = await Mesh.GetAsync<RevocationView>(2, "revocations");
        Assert.Contains(list.Devices, one => one.Id == device.Id.Text && one.Standing == "revoked");
        for (var silo = 0; silo < 2; silo++)
        {
            var at = silo;
            await RunningCluster.EventuallyAsync(() => Mesh.GetAsync<RevocationView>(at, "revocations"), view => view.Serial >= list.Serial && view.Devices.Any(one => one.Id == device.Id.Text));
            await RunningCluster.EventuallyAsync(() => Mesh.GetAsync<DeviceDetail>(at, $"devices/{device.Id.Text}"), detail => detail.Device.Standing == "revoked");
        }
        Assert.Contains(await ClusterLogs.ReadAsync(Mesh, 0), line => line.Device == device.Id.Text && line.Kind == "revoked" && line.Text.Contains("taken from its pole", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_silos_draw_the_same_graph()
    {
        using var device = await Mesh.JoinAsync(0, "drawn");
        await device.ProveAsync();
        await RunningCluster.EventuallyAsync(async () => (await GraphAsync(0), await GraphAsync(1), await GraphAsync(2)), graphs => graphs.Item1 == graphs.Item2 && graphs.Item2 == graphs.Item3 && graphs.Item1.Contains("drawn", StringComparison.Ordinal));

        async Task<string> GraphAsync(int silo)
        {
            var graph = await Mesh.GetAsync<GraphSnapshot>(silo, "graph");
            return string.Join('\n', graph.Nodes.Select(node => $"{node.Id} {node.Name} {node.Standing} {node.Status}").Concat(graph.Edges.Select(edge => $"{edge.From}>{edge.To} {edge.Status}")).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task A_policy_signed_at_one_silo_is_in_force_at_all_of_them()
    {
        using var client = Mesh.Operator(1);
        using var answer = await client.PutAsJsonAsync("policy", new PolicyUpdate(GraceSeconds: 7_200));
        var signed = (await answer.Content.ReadFromJsonAsync<PolicyView>())!;
        for (var silo = 0; silo < 3; silo++)
        {
            var at = silo;
            await RunningCluster.EventuallyAsync(() => Mesh.GetAsync<PolicyView>(at, "policy"), view => view.Version >= signed.Version && view.GraceSeconds == 7_200);
        }
    }

    [Fact]
    public async Task Every_silo_lists_all_of_them_with_their_share()
    {
        var silos = await RunningCluster.EventuallyAsync(() => Mesh.GetAsync<IReadOnlyList<SiloView>>(1, "silos"), views => views.Count == 3 && views.All(view => view.Health == "active"));
        Assert.Equal(["silo-1", "silo-2", "silo-3"], silos.Select(view => view.Name));
        var duties = await RunningCluster.EventuallyAsync(
            async () => (await Mesh.GetAsync<IReadOnlyList<SiloView>>(2, "silos")).SelectMany(view => view.Shards).ToList(), all => all.Count(duty => duty.StartsWith("shard", StringComparison.Ordinal)) == 32);
        Assert.Single(duties, "authority");
        Assert.Equal(duties.Count, duties.Distinct().Count());
    }

    private async Task<HttpStatusCode> AsAsync(int silo, string token)
    {
        using var client = new HttpClient { BaseAddress = Mesh[silo].Anyone.BaseAddress, DefaultRequestHeaders = { Authorization = new("Bearer", token) } };
        using var answer = await client.GetAsync("session");
        return answer.StatusCode;
    }
}
