using TrustMesh.Agent.Silo;
using TrustMesh.Wire;

namespace TrustMesh.Tests.Agent;

public sealed class SiloAddressesTests
{
    private static readonly Uri A = new("https://a.example:7443/"), B = new("https://b.example:7443/"), C = new("https://c.example:7443/");
    private static readonly DeviceId Device = DeviceId.FromRootKey([1]);

    [Fact]
    public void Devices_share_the_silos_and_those_of_a_lost_one_share_the_others()
    {
        var orders = Enumerable.Range(0, 3000).Select(n => new SiloAddresses([A, B, C], DeviceId.FromRootKey(BitConverter.GetBytes(n))).Round()).ToList();
        foreach (var first in new[] { A, B, C })
        {
            Assert.InRange(orders.Count(order => order[0] == first), 900, 1100);
            foreach (var second in new[] { A, B, C }.Where(one => one != first)) Assert.InRange(orders.Count(order => order[0] == first && order[1] == second), 400, 600);
        }
    }

    [Fact]
    public void A_device_always_has_the_same_order_however_its_configuration_lists_them()
        => Assert.Equal(new SiloAddresses([A, B, C], Device).Round(), new SiloAddresses([C, A, B], Device).Round());

    [Fact]
    public void Passing_goes_round_and_two_who_notice_one_outage_go_one_step()
    {
        var silos = new SiloAddresses([A, B, C], Device);
        var order = silos.Round();
        silos.Pass(order[0]);
        silos.Pass(order[0]);
        Assert.Equal(order[1], silos.Now);
        Assert.Equal([order[1], order[2], order[0]], silos.Round());
        silos.Pass(order[1]);
        silos.Pass(order[2]);
        Assert.Equal(order[0], silos.Now);
    }

    [Fact]
    public void What_works_is_kept_until_the_day_is_over()
    {
        var silos = new SiloAddresses([A, B, C], Device);
        var order = silos.Round();
        silos.Keep(order[2]);
        Assert.Equal(order[2], silos.Now);
        silos.Return();
        Assert.Equal(order[0], silos.Now);
    }

    [Fact]
    public void Of_one_silo_there_is_no_other()
    {
        var silos = new SiloAddresses([A], Device);
        silos.Pass(A);
        Assert.Equal((1, A), (silos.Count, silos.Now));
        Assert.Throws<ArgumentException>(() => new SiloAddresses([], Device));
    }

    [Theory]
    [InlineData("NotEnrolled NotEnrolled NotEnrolled", FailureKind.NotEnrolled)]
    [InlineData("NotOurSilo NotOurSilo", FailureKind.NotOurSilo)]
    [InlineData("Misunderstood Misunderstood", FailureKind.Misunderstood)]
    [InlineData("NotEnrolled Unreachable NotEnrolled", FailureKind.Unreachable)]
    [InlineData("NotEnrolled NotOurSilo", FailureKind.Unreachable)]
    [InlineData("NotEnrolled Busy", FailureKind.Busy)]
    [InlineData("Unreachable NotOurSilo", FailureKind.Unreachable)]
    public void Where_silos_differ_it_is_a_matter_of_time(string said, FailureKind comes)
    {
        var failures = said.Split(' ').Select(word => new SiloException(Enum.Parse<FailureKind>(word), $"{word}.", word == "Busy" ? TimeSpan.FromSeconds(7) : null)).ToList();
        var whole = SiloException.Of(failures);
        Assert.Equal((comes, said.Contains("Busy", StringComparison.Ordinal) ? TimeSpan.FromSeconds(7) : (TimeSpan?)null), (whole.Kind, whole.RetryAfter));
        Assert.All(failures, failure => Assert.Contains(failure.Message, whole.Message, StringComparison.Ordinal));
    }
}
