using System.Net;
using Orleans;
using Orleans.Runtime;
using TrustMesh.Orleans.Hosting;
using TrustMesh.Tests.Orleans.Grains;

namespace TrustMesh.Tests.Orleans.Hosting;

public sealed class SiloRollTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    [Theory]
    [InlineData(SiloStatus.Created, null, "joining")]
    [InlineData(SiloStatus.Joining, null, "joining")]
    [InlineData(SiloStatus.Active, null, "silent")]
    [InlineData(SiloStatus.Active, 11, "silent")]
    [InlineData(SiloStatus.Active, 9, "active")]
    [InlineData(SiloStatus.ShuttingDown, 1, "leaving")]
    [InlineData(SiloStatus.Stopping, 1, "leaving")]
    [InlineData(SiloStatus.Dead, 1, "dead")]
    public void Health_is_what_the_cluster_says_and_what_the_silo_says(SiloStatus status, int? secondsAgo, string health)
    {
        var member = Member("a", 1, status);
        var reports = secondsAgo is { } ago ? new[] { RollTests.Report("a", member.SiloAddress.ToParsableString(), "key", Now.AddSeconds(-ago), 5) } : [];
        var view = Assert.Single(SiloRoll.Views([member], reports, Now));
        Assert.Equal((health, health == "active"), (view.Health, view.Why is null));
        if (health == "dead") Assert.Equal((0, 0.0), (view.Twins, view.Share));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(-5.0, null)]
    [InlineData(600.0, "Its clock is 600 s ahead of the other silos'; see to its time server.")]
    [InlineData(-5.6, "Its clock is 6 s behind the other silos'; see to its time server.")]
    public void A_silo_whose_clock_is_wrong_works_and_says_so(double? ahead, string? why)
    {
        var view = Clocks(ahead, 0, 0)[0];
        Assert.Equal(("active", why, ahead), (view.Health, view.Why, view.SkewSeconds));
    }

    [Fact]
    public void Most_clocks_are_right_also_against_the_authority_s()
    {
        // The authority is where nobody is off.
        Assert.Equal([600, 0, -0.1], Clocks(0, -600, -600.1).Select(view => view.SkewSeconds));
        Assert.Equal([true, false, false], Clocks(0, -600, -600.1).Select(view => view.Why is not null));
        // Of two nobody knows: it is told to the one that is not the authority's.
        Assert.Equal([0, -600], Clocks(0, -600).Select(view => view.SkewSeconds));
        Assert.Equal([0, 600], Clocks(0, 600).Select(view => view.SkewSeconds));
        Assert.Equal([null, 0], Clocks(null, 0).Select(view => view.SkewSeconds));
    }

    private static IReadOnlyList<TrustMesh.Contracts.SiloView> Clocks(params double?[] ahead)
    {
        var members = ahead.Select((_, i) => Member($"silo-{i}", i + 1, SiloStatus.Active)).ToList();
        return SiloRoll.Views(members, [.. members.Select((member, i) => RollTests.Report(member.SiloName, member.SiloAddress.ToParsableString(), $"key-{i}", Now) with { Skew = ahead[i] is { } seconds ? TimeSpan.FromSeconds(seconds) : null })], Now);
    }

    [Fact]
    public void Shares_are_of_the_silos_that_are_up_and_a_name_stands_for_its_newest_start()
    {
        var (old, a, b, gone, dead) = (Member("a", 1, SiloStatus.Dead), Member("a", 2, SiloStatus.Active), Member("b", 3, SiloStatus.Active), Member("c", 4, SiloStatus.Dead, TimeSpan.FromHours(2)), Member("d", 5, SiloStatus.Dead));
        var reports = new[] { old, a, b, dead }.Zip([90, 3, 1, 50]).Select(one => RollTests.Report(one.First.SiloName, one.First.SiloAddress.ToParsableString(), $"key-{one.First.SiloName}", Now, one.Second)).ToList();
        var views = SiloRoll.Views([b, old, gone, a, dead], reports, Now);
        Assert.Equal(["a active 3 75", "b active 1 25", "d dead 0 0"], views.Select(view => $"{view.Name} {view.Health} {view.Twins} {view.Share * 100:0}"));
    }

    private static MembershipEntry Member(string name, int generation, SiloStatus status, TimeSpan ago = default) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, 11111, generation), SiloName = name, Status = status, StartTime = Now.UtcDateTime.AddDays(-1), IAmAliveTime = Now.UtcDateTime - ago,
    };
}
