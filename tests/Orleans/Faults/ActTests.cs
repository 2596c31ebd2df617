using System.Net.Http.Json;
using TrustMesh.Contracts;
using TrustMesh.Tests.Orleans.Parts;

namespace TrustMesh.Tests.Orleans.Faults;

/// <summary>Acts of the whole mesh over a storage that fails and silos that die: what was done is in the log, once, and what was not is not.</summary>
[Collection(FaultCollection.Name)]
public sealed class ActTests(TwoSilos fixture)
{
    private RunningCluster Mesh => fixture.Cluster;

    [Fact]
    public async Task Each_act_is_done_and_in_the_log_once_or_neither_whatever_write_of_it_failed()
    {
        foreach (var row in (string[])["act", "join-token", "log-head"])
            foreach (var fault in (RoadFault[])[RoadFault.Failed, RoadFault.AnswerLost, RoadFault.AnswerIsFailure])
                for (var silo = 0; silo < 2; silo++)
                {
                    _ = Mesh;
                    fixture.Fail(row, fault);
                    await Mesh.JoinTokenTryAsync(silo);
                }
        fixture.ToStorage.Clear();
        await AssertToldAsync(1);
    }

    [Fact]
    public async Task What_a_silo_that_was_killed_left_under_way_another_finishes()
    {
        using var client = Mesh.Operator(0);
        var acting = Enumerable.Range(0, 40).Select(async i =>
        {
            try
            {
                using var answer = await client.PostAsJsonAsync("enroll/tokens", new JoinTokenRequest(i + 1, 600, false));
            }
            catch (HttpRequestException)
            {
                // Killed: nobody was told.
                return;
            }
        }).ToList();
        await Task.WhenAny(acting);
        await Mesh[0].KillAsync();
        await Task.WhenAll(acting);
        await AssertToldAsync(1);
        await Mesh[0].StartAsync();
        await AssertToldAsync(0);
    }

    /// <summary>Every join token there is has its line and every line its token, as soon as what was left under way is finished.</summary>
    private async Task AssertToldAsync(int silo)
    {
        await RunningCluster.EventuallyAsync(async () =>
        {
            var there = (await Mesh.GetAsync<List<JoinToken>>(silo, "enroll/tokens")).Select(one => one.Id).Order();
            var told = (await ClusterLogs.ReadAsync(Mesh, silo)).Where(line => line.Text.StartsWith("made join token ", StringComparison.Ordinal)).Select(line => line.Text.Split(' ')[3]).Order();
            return (There: string.Join(' ', there), Told: string.Join(' ', told));
        }, both => both.There == both.Told);
    }
}
