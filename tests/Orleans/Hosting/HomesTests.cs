using System.Net;
using Orleans.Runtime;
using TrustMesh.Orleans.Hosting;
using TrustMesh.Tests.Trust;

namespace TrustMesh.Tests.Orleans.Hosting;

public sealed class HomesTests
{
    private static readonly GrainId[] Grains = [.. Enumerable.Range(0, 10_000).Select(i => GrainId.Create("twin", $"device-{i}"))];

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7)]
    public void Grains_are_spread_evenly(int count)
    {
        var silos = Silos(count);
        var shares = Grains.GroupBy(grain => Homes.Of(grain, silos)).Select(group => group.Count()).ToList();
        Assert.Equal(count, shares.Count);
        // Four standard deviations of a fair draw.
        var (even, spread) = (10_000.0 / count, 4 * Math.Sqrt(10_000.0 / count * (1 - (1.0 / count))));
        Assert.All(shares, share => Assert.InRange(share, even - spread, even + spread));
    }

    [Theory, InlineData(1), InlineData(3), InlineData(6)]
    public void When_a_silo_comes_or_goes_only_what_has_to_moves(int count)
    {
        var more = Silos(count + 1);
        var (silos, added) = (more[..count], more[count]);
        foreach (var grain in Grains)
        {
            var (before, after) = (Homes.Of(grain, silos), Homes.Of(grain, more));
            Assert.True(after.Equals(before) || after.Equals(added));
        }
    }

    [Fact]
    public void The_order_in_which_silos_are_known_changes_nothing()
    {
        var silos = Silos(5);
        Assert.All(Grains.Take(500), grain => Assert.Equal(Homes.Of(grain, silos), Homes.Of(grain, [.. silos.Reverse()])));
    }

    [Fact]
    public void Nothing_moves_before_the_silos_have_been_the_same_for_five_seconds()
    {
        var time = new ManualTime();
        var silos = Silos(2);
        var oracle = new ToldSilos(silos[0]);
        var homes = new Homes(oracle, oracle, time);
        var moving = Grains.First(grain => Homes.Of(grain, silos).Equals(silos[1]));
        var staying = Grains.First(grain => Homes.Of(grain, silos).Equals(silos[0]));
        Assert.True(homes.IsHere(moving));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(homes.IsHere(moving));
        oracle.Active = silos;
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(homes.IsHere(moving));
        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.True(homes.IsHere(moving));
        // It goes again: the count begins anew.
        oracle.Active = [silos[0]];
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(homes.IsHere(moving));
        oracle.Active = silos;
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(homes.IsHere(moving));
        time.Advance(TimeSpan.FromSeconds(5.1));
        Assert.False(homes.IsHere(moving));
        Assert.True(homes.IsHere(staying));
    }

    private static SiloAddress[] Silos(int count) => [.. Enumerable.Range(0, count).Select(i => SiloAddress.New(IPAddress.Parse($"10.0.0.{i + 1}"), 11111, 1000 + i))];

    /// <summary>The silos that are there, as a test says.</summary>
    private sealed class ToldSilos(SiloAddress here) : ISiloStatusOracle, ILocalSiloDetails
    {
        public IReadOnlyList<SiloAddress> Active { get; set; } = [here];

        public SiloAddress[] GetActiveSilos() => [.. Active];

        public SiloStatus CurrentStatus => SiloStatus.Active;

        public string SiloName => Name;

        public string Name => "here";

        public string ClusterId => "test";

        public string DnsHostName => "here";

        public SiloAddress SiloAddress => here;

        public SiloAddress GatewayAddress => here;

        public SiloStatus GetApproximateSiloStatus(SiloAddress siloAddress) => SiloStatus.Active;

        public Dictionary<SiloAddress, SiloStatus> GetApproximateSiloStatuses(bool onlyActive = false) => Active.ToDictionary(silo => silo, _ => SiloStatus.Active);

        public bool TryGetSiloName(SiloAddress siloAddress, out string siloName) => throw new NotSupportedException();

        public bool IsFunctionalDirectory(SiloAddress siloAddress) => true;

        public bool IsDeadSilo(SiloAddress silo) => false;

        public bool SubscribeToSiloStatusEvents(ISiloStatusListener observer) => true;

        public bool UnSubscribeFromSiloStatusEvents(ISiloStatusListener observer) => true;
    }
}
