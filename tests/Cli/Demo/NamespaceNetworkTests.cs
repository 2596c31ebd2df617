using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.Versioning;
using TrustMesh.Cli.Demo;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Cli.Demo;

[SupportedOSPlatform("linux")]
public sealed class NamespaceNetworkTests
{
    [Fact]
    public async Task Devices_reach_the_silo_and_each_other_and_nothing_else_and_nothing_stays()
    {
        string hub, one;
        await using (var network = await MakeAsync(2))
        {
            one = network.PlaceOf(1).Namespace!;
            hub = one[..^1] + "hub";
            Assert.Contains(NetworkInterface.GetAllNetworkInterfaces(), card => card.GetIPProperties().UnicastAddresses.Any(address => address.Address.Equals(network.Silo)));
            Assert.Contains("refused", Call(network.PlaceOf(1), network.Silo));
            Assert.Contains("refused", Call(network.PlaceOf(1), network.PlaceOf(2).Peers.Address));
            var routes = Command.Run("/", "ip", "-n", one, "route").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.StartsWith("10.", Assert.Single(routes));
            Assert.Contains(hub, Names());
        }
        Assert.DoesNotContain(hub, Names());
        Assert.DoesNotContain(one, Names());
        Assert.False(File.Exists(Path.Combine(NamespaceNetwork.Markers, one.Split('-')[0])));
    }

    [Fact]
    public async Task Two_networks_at_a_time_do_not_meet()
    {
        await using var network = await MakeAsync(1);
        await using var other = await MakeAsync(1);
        Assert.NotEqual(network.PlaceOf(1).Namespace, other.PlaceOf(1).Namespace);
        Assert.NotEqual(network.PlaceOf(1).Peers, other.PlaceOf(1).Peers);
        Assert.Contains("unreachable", Call(network.PlaceOf(1), other.PlaceOf(1).Peers.Address));
    }

    [Fact]
    public async Task What_a_run_that_was_killed_left_is_removed_and_what_a_living_one_has_stays()
    {
        await using var living = await MakeAsync(1);
        // A marker nobody holds, as the kernel leaves it.
        var dead = $"tm{Environment.ProcessId}zz";
        var folder = Directory.CreateTempSubdirectory("trustmesh-markers-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, dead), "");
            using var held = RunMarker.Take(folder);
            foreach (var name in (string[])[$"{dead}-hub", $"{dead}-1", $"{held.Prefix}-none"])
                Assert.True(Command.Run("/", "ip", "netns", "add", name).Code == 0, name);
            await NamespaceNetwork.SweepAsync(folder);
            Assert.DoesNotContain(Names(), name => name.StartsWith(dead, StringComparison.Ordinal));
            Assert.False(File.Exists(Path.Combine(folder, dead)));
            Assert.Contains($"{held.Prefix}-none", Names());
            Assert.Contains(living.PlaceOf(1).Namespace, Names());
        }
        finally
        {
            foreach (var name in Names().Where(name => name.StartsWith(dead, StringComparison.Ordinal) || name.EndsWith("-none", StringComparison.Ordinal))) Command.Run("/", "ip", "netns", "del", name);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<NamespaceNetwork> MakeAsync(int devices)
    {
        var (network, why) = await NamespaceNetwork.TryMakeAsync(devices, CancellationToken.None);
        Assert.SkipWhen(network is null, $"no network namespaces here: {why}");
        return network!;
    }

    /// <summary>What the kernel says when a device calls a port nobody listens on: refused, by the machine that was reached, or why it was not.</summary>
    private static string Call(Place place, IPAddress address)
        => Command.Run("/", place.Enter[0], [.. place.Enter.Skip(1), "timeout", "10", "bash", "-c", $"exec 3<>/dev/tcp/{address}/1"]).Error;

    private static IReadOnlyList<string> Names() => Directory.Exists("/run/netns") ? [.. Directory.GetFiles("/run/netns").Select(file => Path.GetFileName(file))] : [];
}
