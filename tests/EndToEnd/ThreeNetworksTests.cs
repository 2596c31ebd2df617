using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.EndToEnd;

/// <summary>That the stage itself is what the play needs.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
// One after the other: they make routes on this machine, in a range that has to be free.
[Collection("three networks")]
public sealed class ThreeNetworksTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromSeconds(20);

    public ThreeNetworksTests() => AcrossNetworks.Needs();

    [Fact]
    public async Task Devices_reach_each_other_through_the_router_until_a_cable_is_cut()
    {
        await using var networks = await ThreeNetworks.MakeAsync();
        Assert.True(await IsOpenAsync(networks, 1, 3, Patience));
        Assert.True(await IsOpenAsync(networks, 6, 1, Patience));
        networks.Cut(2);
        Assert.False(await IsOpenAsync(networks, 1, 3, Soon));
        Assert.True(await IsOpenAsync(networks, 3, 4, Patience));
        Assert.True(await IsOpenAsync(networks, 1, 2, Patience));
        networks.Mend(2);
        Assert.True(await IsOpenAsync(networks, 1, 3, Patience));
    }

    [Fact]
    public async Task The_silo_can_be_kept_from_networks_that_reach_each_other()
    {
        await using var networks = await ThreeNetworks.MakeAsync();
        Assert.Contains("refused", Silo(networks, 1).Error);
        networks.KeepSiloFrom(1, 2);
        Assert.Contains("refused", Silo(networks, 1).Error);
        // Not an answer of any kind: timeout(1) ended it.
        Assert.Equal(124, Silo(networks, 2).Code);
        Assert.True(await IsOpenAsync(networks, 1, 2, Patience));
        networks.LetSiloPass();
        Assert.Contains("refused", Silo(networks, 2).Error);
    }

    private static async Task<bool> IsOpenAsync(ThreeNetworks networks, int from, int to, TimeSpan patience)
    {
        using var flow = await Flow.OpenAsync(networks.NamespaceOf(from), networks.NamespaceOf(to), networks.AddressOf(to), patience);
        return flow.IsOpen && await flow.RoundAsync(patience);
    }

    /// <summary>What the kernel says of a port of the silo's machine that nobody listens on: refused, where it is reached.</summary>
    private static (int Code, string Output, string Error) Silo(ThreeNetworks networks, int device)
        => Command.Run("/", "ip", "netns", "exec", networks.NamespaceOf(device).Name, "timeout", "2", "bash", "-c", $"exec 3<>/dev/tcp/{networks.Silo}/1");
}
