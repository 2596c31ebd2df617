using TrustMesh.Cli.Api;
using TrustMesh.Contracts;
using TrustMesh.Fleet;

namespace TrustMesh.Tests.Fleet;

/// <summary>The simulated fleet behind <c>trustmesh demo fleet</c>.</summary>
public sealed class FleetTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-fleet-").FullName;

    [Fact]
    public async Task A_fleet_is_judged_by_a_real_silo_and_says_everywhere_that_it_is_simulated()
    {
        // Nothing but renewals, so that what fails goes on failing while it is looked at.
        await using var running = await StartAsync("one", 300, 12, rate: 0);
        using var api = await SignedInAsync(running);
        var graph = await api.GraphAsync(CancellationToken.None);
        Assert.Equal(300, graph.Nodes.Count(node => node.Kind == "device"));
        Assert.Equal(12, graph.Nodes.Where(node => node.Kind == "device").Select(node => node.Site).Distinct().Count());
        Assert.Equal("simulated", graph.Mesh);
        Assert.Contains("simulated", graph.Nodes.Single(node => node.Kind == "silo").Name, StringComparison.Ordinal);
        Assert.All(graph.Nodes.Where(node => node.Kind == "device"), node => Assert.StartsWith("sim-", node.Name, StringComparison.Ordinal));
        Assert.True(graph.Nodes.Count(node => node.Look == Looks.Trusted) > 200);
        Assert.Contains(graph.Edges, edge => edge.From != graph.Nodes[0].Id && edge.Status == "affirming");

        var bad = graph.Nodes.First(node => node.Look == Looks.Contraindicated);
        var detail = await api.DeviceAsync(bad.Id, CancellationToken.None);
        Assert.Contains("simulated", detail.Identity.Endorsement, StringComparison.Ordinal);
        Assert.Contains(detail.Verdict!.Because, because => because is { Outcome: "fail", Claim: "/opt/simulated/app.conf" });

        // And it lives: the silo's own feed tells of new proofs.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (var delta in new EventStream(api, TimeProvider.System).DeltasAsync(graph.Sequence, deadline.Token))
            if (delta.Nodes.Count > 0) return;
        Assert.Fail("the feed ended");
    }

    [Fact]
    public async Task At_a_rate_devices_go_wrong_and_right_again()
    {
        await using var running = await StartAsync("one", 100, 4, rate: 200);
        using var api = await SignedInAsync(running);
        var graph = await api.GraphAsync(CancellationToken.None);
        var looks = graph.Nodes.ToDictionary(node => node.Id, node => node.Look);
        var (wrong, right) = (false, false);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await foreach (var delta in new EventStream(api, TimeProvider.System).DeltasAsync(graph.Sequence, deadline.Token))
        {
            foreach (var node in delta.Nodes)
            {
                wrong |= node.Look == Looks.Contraindicated && looks[node.Id] != Looks.Contraindicated;
                right |= node.Look != Looks.Contraindicated && looks[node.Id] == Looks.Contraindicated;
                looks[node.Id] = node.Look;
            }
            if (wrong && right) return;
        }
        Assert.Fail("the feed ended");
    }

    [Fact]
    public async Task The_same_seed_makes_the_same_fleet_and_another_makes_another()
    {
        var (one, same, other) = (await SeenAsync("a", 3), await SeenAsync("b", 3), await SeenAsync("c", 4));
        Assert.Equal(one, same);
        Assert.NotEqual(one, other);
    }

    [Theory]
    [InlineData("--devices", "0")]
    [InlineData("--devices", "100001")]
    [InlineData("--rate", "-1")]
    [InlineData("--sites", "many")]
    [InlineData("--nonsense", "1")]
    [InlineData("--rate")]
    public void Nonsense_is_refused_with_a_sentence(params string[] arguments)
    {
        var (options, problem) = FleetOptions.Parse([.. arguments, "--state", Path.Combine(folder, "new")]);
        Assert.Null(options);
        Assert.NotEmpty(problem!);
    }

    [Fact]
    public void A_folder_that_is_there_already_is_not_touched() => Assert.Null(FleetOptions.Parse(["--state", folder]).Options);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Task<RunningFleet> StartAsync(string name, int devices, int sites, int rate, int seed = 1)
        => RunningFleet.StartAsync(new(devices, sites, rate, seed, Path.Combine(folder, name), null, Path.Combine(folder, name + "-code")), _ => { }, null, CancellationToken.None);

    private async Task<IReadOnlyList<string>> SeenAsync(string name, int seed)
    {
        await using var running = await StartAsync(name, 60, 4, rate: 0, seed);
        using var api = await SignedInAsync(running);
        var graph = await api.GraphAsync(CancellationToken.None);
        return [.. graph.Nodes.Where(node => node.Kind == "device").Select(node => $"{node.Id} {node.Name} {node.Site} {node.Look} {node.Tier}").Order(StringComparer.Ordinal)];
    }

    private static async Task<SiloApi> SignedInAsync(RunningFleet running)
    {
        var silo = SiloAddresses.Parse(running.Address.GetLeftPart(UriPartial.Authority));
        using var door = new SiloApi(silo, null, new SocketsHttpHandler());
        var session = await door.SignInAsync(new(running.Code), CancellationToken.None);
        return new(silo, session.Token, new SocketsHttpHandler());
    }
}
