using System.Net;
using System.Net.Sockets;
using TrustMesh.Agent.Commands;
using TrustMesh.Agent.Files;
using TrustMesh.Agent.Life;
using TrustMesh.Contracts;
using TrustMesh.Tests.Host;

namespace TrustMesh.Tests.Agent;

/// <summary>Two shipped agents as processes of their own and a real silo: they examine each other as it assigns, and it shows what they say.</summary>
public sealed class RealMeshTests : IAsyncDisposable
{
    private readonly Folder first = new(), second = new();
    private readonly int siloPort = FreePort();
    private RunningSilo silo = null!;
    private AgentProcess? a, b;

    private async Task<AgentProcess> StartAsync()
    {
        silo = await RunningSilo.StartAsync(settings => settings with { DeviceListen = new(IPAddress.Loopback, siloPort), IntervalSeconds = 2, LifetimeSeconds = 60 });
        var token = await silo.JoinTokenAsync();
        (a, b) = (Agent(first, token, "press-1"), Agent(second, token, "press-2"));
        a.Start();
        b.Start();
        await Eventually.TrueAsync(() => silo.Silo.View().EvidenceAccepted > 1, "the first evidence");
        await silo.PostAsync<ReferenceView>("references/learn", new LearnRequest("press-1"));
        await BothEdgesAsync();
        // The status page follows a second later: whoever waits for a refusal must not take the time before the first acceptance for one.
        await MeshAsync(first, mesh => mesh.Accepted == 1, "the accepted peer");
        return a;
    }

    [Fact]
    public async Task They_judge_each_other_the_silo_shows_both_edges_and_a_shell_can_ask()
    {
        var agent = await StartAsync();
        var detail = await silo.GetAsync<EdgeDetail>("edges/press-1/press-2");
        Assert.Equal(("press-1", "press-2", "software"), (detail.Forward!.FromName, detail.Forward.ToName, detail.Forward.Tier));
        Assert.Equal("press-2", detail.Back!.FromName);
        var (code, output, error) = await AgentProcess.RunAsync("peer", "examine", "press-2", "--config", agent.ConfigFile);
        Assert.True(code == ExitCode.Ok, output + error);
        Assert.Contains("press-2", output, StringComparison.Ordinal);
        await MeshAsync(first, mesh => mesh is { Accepted: 1, Current: true, VerdictsDropped: 0 }, "the accepted peer");
        (_, output, _) = await AgentProcess.RunAsync("status", "--config", agent.ConfigFile);
        Assert.Contains("1 of 1 accepted", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A35_A_revoked_device_is_refused_by_the_other_and_the_acknowledgement_comes_back()
    {
        await StartAsync();
        await silo.PostAsync<DeviceSummary>("devices/press-2/revoke", new Decision("stolen"));
        await MeshAsync(first, mesh => mesh.Accepted == 0, "the refusal");
        await Eventually.TrueAsync(() => silo.GetAsync<PropagationView>("revocations/propagation").GetAwaiter().GetResult() is { Devices: 1, Acknowledged: 1, P99Ms: not null }, "the acknowledgement");
        await Eventually.TrueAsync(() => Edge() is { Status: "contraindicated" }, "the verdict at the silo");
    }

    [Fact]
    public async Task While_the_silo_is_away_a_changed_device_is_refused_and_what_was_said_arrives_afterwards_once_and_in_order()
    {
        var agent = await StartAsync();
        await silo.RestartAsync(() => AwayAsync().GetAwaiter().GetResult());
        await BothEdgesAsync();
        await MeshAsync(first, mesh => mesh is { VerdictsWaiting: 0, VerdictsDropped: 0 }, "everything to be delivered");
        var rounds = (await silo.GetAsync<EdgeDetail>("edges/press-1/press-2")).Forward!.Rounds;
        Assert.Contains(rounds, round => round.Status == "contraindicated");
        // Newest first; press-1 judges nobody else, so its numbers on this edge have no gap.
        Assert.Equal(rounds.Select((_, i) => rounds[0].Sequence - i), rounds.Select(round => round.Sequence));
        Assert.DoesNotContain(agent.Lines, line => line.Contains("another machine has the same root of trust", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        if (a is not null) await a.DisposeAsync();
        if (b is not null) await b.DisposeAsync();
        if (silo is not null) await silo.DisposeAsync();
        first.Dispose();
        second.Dispose();
    }

    private async Task AwayAsync()
    {
        second.Write("measured/app.conf", "evil");
        await MeshAsync(first, mesh => mesh.Accepted == 0, "the refusal without a silo");
        second.Write("measured/app.conf", "good");
        await MeshAsync(first, mesh => mesh is { Accepted: 1, VerdictsWaiting: > 1 }, "the acceptance without a silo");
    }

    private AgentProcess Agent(Folder folder, string token, string name)
    {
        folder.Write("measured/app.conf", "good");
        return new(folder, new($"https://localhost:{siloPort}"), AgentProcess.Software, token, $$""", "peer": {"listen": "127.0.0.1:{{FreePort()}}"}""", name);
    }

    private PeerEdge? Edge() => silo.GetAsync<PeerEdge[]>("edges").GetAwaiter().GetResult().FirstOrDefault(edge => edge is { FromName: "press-1", ToName: "press-2" });

    private Task BothEdgesAsync() => Eventually.TrueAsync(
        () => silo.GetAsync<PeerEdge[]>("edges").GetAwaiter().GetResult() is { Length: 2 } edges && edges.All(edge => edge is { Fresh: true, Status: "affirming" or "warning" }), "both edges");

    /// <summary>Waits for what an agent's status says of the mesh.</summary>
    private static Task MeshAsync(Folder folder, Func<MeshStatus, bool> condition, string what)
    {
        using var state = StateDirectory.Peek(folder["state"]);
        return Eventually.TrueAsync(() => AgentStatus.Load(state)?.Mesh is { } mesh && condition(mesh), what);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
