using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TrustMesh.Tests.Parts;

public sealed class NetworkNamespaceTests
{
    [Theory]
    [InlineData("10.9.0.1/24", "10.9.0.2/24")]
    [InlineData("fd00:9::1/64", "fd00:9::2/64")]
    public async Task Machines_on_one_segment_reach_each_other_until_the_cable_is_cut(string one, string other)
    {
        using var segment = NetworkSegment.Create();
        using var left = NetworkNamespace.Create();
        using var right = NetworkNamespace.Create();
        segment.Attach(left, one);
        segment.Attach(right, other);
        var address = IPAddress.Parse(other.Split('/')[0]);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        using var listener = right.NewSocket(address.AddressFamily);
        listener.Bind(new IPEndPoint(address, 7000));
        listener.Listen();
        using var client = left.NewSocket(address.AddressFamily);
        await client.ConnectAsync(listener.LocalEndPoint!, limit.Token);
        using var served = await listener.AcceptAsync(limit.Token);
        await served.SendAsync("hello"u8.ToArray(), limit.Token);
        var buffer = new byte[5];
        client.ReceiveExactly(buffer);
        Assert.Equal("hello", Encoding.UTF8.GetString(buffer));
        segment.Cut(right);
        using var late = left.NewSocket(address.AddressFamily);
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<Exception>(async () => await late.ConnectAsync(listener.LocalEndPoint!, soon.Token));
        segment.Mend(right);
        using var again = left.NewSocket(address.AddressFamily);
        await again.ConnectAsync(listener.LocalEndPoint!, limit.Token);
    }

    [Fact]
    public void A_program_runs_in_it_and_it_is_gone_afterwards()
    {
        string name;
        using (var made = NetworkNamespace.Create())
        {
            name = made.Name;
            Assert.Contains("LOOPBACK,UP", made.Run("ip", "link"), StringComparison.Ordinal);
            Assert.DoesNotContain("eth", made.Run("ip", "link"), StringComparison.Ordinal);
        }
        Assert.DoesNotContain(name, Command.Run("/", "ip", "netns", "list").Output, StringComparison.Ordinal);
    }
}
