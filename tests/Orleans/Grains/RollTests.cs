using TrustMesh.Orleans.Following;
using TrustMesh.Orleans.Grains;
using TrustMesh.Tests.Trust;
using TrustMesh.Trust.Mesh;

namespace TrustMesh.Tests.Orleans.Grains;

public sealed class RollTests
{
    private readonly ManualTime time = new();
    private readonly Roll roll;

    public RollTests() => roll = new(time);

    [Fact]
    public void A_report_is_kept_with_the_time_it_was_heard_at()
    {
        Assert.Null(roll.Enter(Report("a", "1", "key-a") with { At = time.GetUtcNow().AddHours(-3) }));
        Assert.Null(roll.Enter(Report("b", "2", "key-b")));
        Assert.Equal(["a", "b"], roll.Reports.Reports.Select(report => report.Name).Order());
        Assert.All(roll.Reports.Reports, report => Assert.Equal(time.GetUtcNow(), report.At));
    }

    [Fact]
    public void How_far_a_clock_is_off_is_told_by_two_reports_and_one_that_was_late_says_nothing()
    {
        TimeSpan? Heard(double ahead)
        {
            Assert.Null(roll.Enter(Report("a", "1", "key-a", time.GetUtcNow().AddSeconds(ahead))));
            time.Advance(TimeSpan.FromSeconds(2));
            return Assert.Single(roll.Reports.Reports).Skew;
        }
        Assert.Null(Heard(-8));
        Assert.Equal(TimeSpan.FromSeconds(-0.1), Heard(-0.1));
        // It stood still for 20 s on its way.
        Assert.Equal(TimeSpan.FromSeconds(-0.1), Heard(-20));
        Assert.Equal(TimeSpan.Zero, Heard(0));
        // The clock was set, and set back.
        Assert.Equal(TimeSpan.FromSeconds(600), Heard(600));
        Assert.Equal(TimeSpan.FromSeconds(600), Heard(-600));
        Assert.Equal(TimeSpan.FromSeconds(-600), Heard(-600));
        // What a silo says of its own clock is not believed.
        Assert.Null(roll.Enter(Report("a", "1", "key-a", time.GetUtcNow()) with { Skew = TimeSpan.FromHours(9) }));
        Assert.Equal(TimeSpan.Zero, Assert.Single(roll.Reports.Reports).Skew);
    }

    [Fact]
    public void A48_Two_silos_with_one_identity_are_not_both_let_in()
    {
        Assert.Null(roll.Enter(Report("a", "1", "key")));
        Assert.Contains("runs with the same key already", roll.Enter(Report("b", "2", "key")), StringComparison.Ordinal);
        // The first is not harmed by it.
        Assert.Null(roll.Enter(Report("a", "1", "key")));
        Assert.Equal("1", Assert.Single(roll.Reports.Reports).Address);
    }

    [Fact]
    public void Two_silos_with_one_name_are_not_both_let_in()
    {
        Assert.Null(roll.Enter(Report("a", "1", "key-1")));
        Assert.Contains("There is a silo named a at 1 already", roll.Enter(Report("a", "2", "key-2")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_silo_started_anew_takes_its_place_when_the_former_has_been_silent()
    {
        Assert.Null(roll.Enter(Report("a", "1@100", "key")));
        time.Advance(Roll.Silent - TimeSpan.FromSeconds(1));
        Assert.NotNull(roll.Enter(Report("a", "2@200", "key")));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(roll.Enter(Report("a", "2@200", "key")));
    }

    [Fact]
    public void A_silo_nobody_heard_of_for_an_hour_is_forgotten()
    {
        Assert.Null(roll.Enter(Report("a", "1", "key-a")));
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.Null(roll.Enter(Report("b", "2", "key-b")));
        Assert.Equal(2, roll.Reports.Reports.Length);
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(roll.Enter(Report("b", "2", "key-b")));
        Assert.Equal("b", Assert.Single(roll.Reports.Reports).Name);
    }

    [Fact]
    public void A42_The_roll_has_an_end()
    {
        for (var i = 0; i < 1_100; i++) Assert.Null(roll.Enter(Report($"silo-{i}", $"{i}", $"key-{i}")));
        Assert.Equal(1_000, roll.Reports.Reports.Length);
        Assert.Null(roll.Enter(Report("silo-7", "7", "key-7")));
    }

    internal static SiloReport Report(string name, string address, string identity, DateTimeOffset at = default, int twins = 0)
        => new(name, address, identity, new("https://d", "http://o", "1", DateTimeOffset.UnixEpoch, 1, 2, 3, 4, 5, 6, 7), twins, [], 0, null, at);
}
