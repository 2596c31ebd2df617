using System.Net;
using System.Net.Http.Json;
using TrustMesh.Contracts;
using TrustMesh.Host.Keys;
using TrustMesh.Tests.Host;
using TrustMesh.Tests.Orleans.Parts;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Log;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Orleans.Faults;

/// <summary>
/// The fault table, through the grains: each row is refused once, written once with the answer lost, and written once with an answer that says
/// it was not. And two activations of one twin at once, of which a row lets one be right.
/// </summary>
public abstract class LostAnswers(TwoSilos fixture)
{
    private const int Rounds = 12;
    private static readonly RoadFault[] Kinds = [RoadFault.Failed, RoadFault.AnswerLost, RoadFault.AnswerIsFailure];

    private RunningCluster Mesh => fixture.Cluster;

    private FaultyRoad Road => fixture.ToStorage;

    [Theory, InlineData("twin"), InlineData("twin-log"), InlineData("log-head")]
    public async Task Evidence_is_there_once_whatever_write_of_it_failed(string row)
    {
        using var device = await Mesh.JoinAsync(0, $"proof-{row}");
        await device.ProveAsync();
        await KnownAsync(device);
        var (files, before) = (0, Road.Happened.Count);
        foreach (var fault in Kinds)
        {
            // A line for the log: what it measures now is not what anybody expects.
            device.Measure($"/file-{++files}", $"{files}");
            fixture.Fail(row, fault);
            if (row.StartsWith("log", StringComparison.Ordinal)) await DecideUntilDoneAsync(device, files % 2 == 1 ? "suspend" : "resume", $"{row} {files}");
            await RunningCluster.EventuallyAsync(() => ProveCodeAsync(device), code => code == "");
        }
        Assert.Equal(Kinds.Length, Road.Happened.Count - before);
        var detail = await RunningCluster.EventuallyAsync(() => Mesh.GetAsync<DeviceDetail>(1, $"devices/{device.Id.Text}"), one => one.Measurements.Count >= files + 1);
        Assert.Equal(files + 1, detail.Measurements.Count);
        Assert.Equal(files + 1, detail.Measurements.Select(entry => entry.Name).Distinct().Count());
        if (!row.StartsWith("log", StringComparison.Ordinal)) return;
        var lines = await ClusterLogs.ReadAsync(Mesh, 1);
        for (var i = 1; i <= files; i++) Assert.Contains(lines, line => line.Device == device.Id.Text && line.Text.Contains($"{row} {i}", StringComparison.Ordinal));
    }

    [Theory, InlineData("status"), InlineData("serial"), InlineData("twin")]
    public async Task A_decision_is_in_the_list_whatever_write_of_it_failed(string row)
    {
        using var device = await Mesh.JoinAsync(1, $"listed-{row}");
        await KnownAsync(device);
        var (serial, before) = ((await Mesh.GetAsync<RevocationView>(0, "revocations")).Serial, Road.Happened.Count);
        foreach (var fault in Kinds)
            foreach (var (verb, listed) in new[] { ("suspend", true), ("resume", false) })
            {
                fixture.Fail(row, fault);
                await DecideUntilDoneAsync(device, verb, $"{fault} {row}");
                // Where it was answered, the list in force says it.
                var list = await Mesh.GetAsync<RevocationView>(0, "revocations");
                Assert.Equal(listed, list.Devices.Any(one => one.Id == device.Id.Text));
                Assert.True(list.Serial > serial, $"{list.Serial} after {serial}");
                serial = list.Serial;
            }
        Assert.Equal(2 * Kinds.Length, Road.Happened.Count - before);
    }

    [Fact]
    public async Task A_join_token_is_used_once_whatever_write_of_it_failed()
    {
        foreach (var fault in Kinds)
        {
            var token = await Mesh.JoinTokenAsync(0, uses: 1);
            using TestDevice one = new($"first-{fault}".ToLowerInvariant()), other = new($"second-{fault}".ToLowerInvariant());
            foreach (var device in (TestDevice[])[one, other]) await device.ConnectAsync(Mesh[0].Devices);
            fixture.Fail("join-token", fault);
            var ends = new[] { await one.EnrolAsync(token), await other.EnrolAsync(token) };
            Assert.True(ends.Count(end => end.Result is not null) <= 1, $"{fault}: both got in");
            if (fault == RoadFault.Failed) Assert.Contains(ends, end => end.Result is not null);
        }
        Road.Clear();
    }

    /// <summary>The second activation is a twin in this process over the same rows, with a log writer of its own: what a silo has that the others gave up.</summary>
    [Fact]
    public async Task Two_activations_of_one_twin_accept_nothing_twice_and_lose_no_decision()
    {
        using var device = await Mesh.JoinAsync(0, "twofold");
        await device.ProveAsync();
        using var authorityKey = KeyFile.OpenOrCreate(Path.Combine(Mesh[0].State, "authority.key"));
        var authority = new MeshAuthority(authorityKey, "test-mesh", TimeProvider.System);
        // Keys of a Redis begin with the silos' service.
        await using var rig = await StorageRig.StartAsync(fixture.Storage, "trustmesh-test-mesh");
        var stores = new Stores(rig.Storage);
        var count = await LogShards.FixAsync(authority, stores.Records, 4, TimeProvider.System, default);
        var logs = Enumerable.Range(0, count).Select(number => new LogWriter(authority, number, stores.Records, TimeProvider.System)).ToList();
        foreach (var log in logs) await log.OpenAsync(false, default);
        var second = new DeviceTwin(device.Id, stores.Twins, new(authority), new(authorityKey, () => []), new ShardedLog(logs, TimeProvider.System), _ => { }, TimeProvider.System);

        var (accepted, decided) = (0, new List<string>());
        for (var round = 0; round < Rounds; round++)
        {
            device.Measure($"/round-{round}", "good");
            var reason = $"round {round} of the second";
            var deciding = TryAsync(async () =>
            {
                var suspends = (await second.ReadAsync(default))!.Standing == Standing.Active;
                return await second.DecideAsync(new(suspends ? Standing.Suspended : Standing.Active, !suspends, "second", reason, null), default);
            });
            if (await ProveCodeAsync(device) == "") accepted++;
            if (await deciding is { Refused: null }) decided.Add(reason);
        }
        Assert.NotEmpty(decided);
        Assert.True(accepted > 0);
        // The last word of the second, which the cluster's activation does not know: it is not accepted as what it was.
        while (await TryAsync(() => second.DecideAsync(new(Standing.Revoked, false, "second", "the last word", null), default)) is not { Refused: null }) continue;
        var asked = await device.PostAsync("/device/v1/challenge", new ChallengeRequest(device.Id).Encode());
        var late = asked.Code == "" ? await device.SendEvidenceAsync(device.Prove(Challenge.Decode(asked.Body))) : asked;
        Assert.True(late.Status != HttpStatusCode.OK || Receipt.Decode(late.Body).Standing == Standing.Revoked, $"{late.Status} {late.Code}");
        await RunningCluster.EventuallyAsync(() => ProveCodeAsync(device), code => code == "");
        var detail = await RunningCluster.EventuallyAsync(() => Mesh.GetAsync<DeviceDetail>(1, $"devices/{device.Id.Text}"), one => one.Device.Standing == "revoked");
        Assert.Equal(detail.Measurements.Count, detail.Measurements.Select(entry => entry.Name).Distinct().Count());
        await RunningCluster.EventuallyAsync(() => Mesh.GetAsync<RevocationView>(0, "revocations"), view => view.Devices.Any(one => one.Id == device.Id.Text && one.Standing == "revoked"));
        var lines = (await ClusterLogs.ReadAsync(Mesh, 0)).Where(line => line.Device == device.Id.Text).ToList();
        foreach (var reason in decided.Append("the last word")) Assert.Contains(lines, line => line.Text.Contains(reason, StringComparison.Ordinal));
        // Each version of the twin was made by one of the two.
        Assert.All(lines.GroupBy(line => line.Version), version => Assert.Single(version.Select(line => line.Actor).Distinct()));
    }

    /// <summary>The silo that is asked has heard of it.</summary>
    private Task KnownAsync(TestDevice device) => RunningCluster.EventuallyAsync(() => Mesh.GetAsync<DevicePage>(0, $"devices?q={device.Name}"), page => page.Total == 1);

    private static async Task<TwinAnswer?> TryAsync(Func<Task<TwinAnswer?>> decide)
    {
        try
        {
            return await decide();
        }
        catch (Exception lost) when (lost is StaleTwinException or StaleRecordException or IOException)
        {
            // The other was faster.
            return null;
        }
    }

    /// <summary>As an operator does: again, after an answer that did not say yes. That it is so already is a yes.</summary>
    private async Task DecideUntilDoneAsync(TestDevice device, string verb, string reason)
    {
        using var client = Mesh.Operator(0);
        await RunningCluster.EventuallyAsync(async () =>
        {
            using var answer = await client.PostAsJsonAsync($"devices/{device.Id.Text}/{verb}", new Decision(reason));
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable or HttpStatusCode.Conflict, await answer.Content.ReadAsStringAsync());
            var standing = (await Mesh.GetAsync<DeviceDetail>(0, $"devices/{device.Id.Text}")).Device.Standing;
            return answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.Conflict && standing == (verb == "suspend" ? "suspended" : "active");
        }, done => done);
    }

    private static async Task<string> ProveCodeAsync(TestDevice device)
    {
        var asked = await device.PostAsync("/device/v1/challenge", new ChallengeRequest(device.Id).Encode());
        return asked.Code != "" ? asked.Code : (await device.SendEvidenceAsync(device.Prove(Challenge.Decode(asked.Body)))).Code;
    }
}
