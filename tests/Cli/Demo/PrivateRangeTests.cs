using System.Net;
using TrustMesh.Cli.Demo;

namespace TrustMesh.Tests.Cli.Demo;

public sealed class PrivateRangeTests
{
    [Fact]
    public void Takes_a_range_that_no_route_and_no_address_touches()
    {
        var taken = PrivateRange.Taken("""
            [{"dst":"default","gateway":"192.0.2.1"},{"dst":"10.0.0.0/9"},{"type":"local","dst":"10.128.0.7"},{"dst":"10.128.4.0/24"},{"dst":"fd00::/64"}]
            """);
        Assert.Equal(["10.0.0.0/9", "10.128.0.7/32", "10.128.4.0/24"], taken.Select(one => one.ToString()));
        // The seed stands within the /9, then come one with an address of an interface and one with a smaller route.
        Assert.Equal(IPNetwork.Parse("10.128.8.0/22"), PrivateRange.Free(taken, 8_190));
    }

    [Fact]
    public void A_default_route_written_as_a_network_takes_nothing()
        => Assert.Equal(IPNetwork.Parse("10.0.0.0/22"), PrivateRange.Free([IPNetwork.Parse("0.0.0.0/0")], 0));

    [Fact]
    public void Goes_on_to_the_next_private_network_and_says_when_there_is_none()
    {
        List<IPNetwork> taken = [IPNetwork.Parse("10.0.0.0/8")];
        Assert.Equal(IPNetwork.Parse("172.16.0.0/22"), PrivateRange.Free(taken, 0));
        taken.Add(IPNetwork.Parse("172.16.0.0/12"));
        Assert.Equal(IPNetwork.Parse("192.168.252.0/22"), PrivateRange.Free(taken, 63));
        taken.Add(IPNetwork.Parse("192.0.0.0/4"));
        Assert.Null(PrivateRange.Free(taken, 63));
    }

    [Fact]
    public void Neighbouring_process_numbers_get_different_ranges()
        => Assert.Equal(64, Enumerable.Range(100_000, 64).Select(seed => PrivateRange.Free([], seed)).Distinct().Count());
}
