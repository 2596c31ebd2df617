using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Tests.Host;

namespace TrustMesh.Tests.Attacks;

public class A41NoDialingTests
{
    [Fact]
    public async Task A41_A_client_certificate_that_names_an_address_makes_the_silo_dial_nobody()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var trap = new TcpListener(IPAddress.Loopback, 0);
        trap.Start();
        var url = $"http://{trap.LocalEndpoint}/issuer.cer";
        using var device = new TestDevice("curious") { Extensions = [new X509AuthorityInformationAccessExtension([url], [url])], Issuer = "CN=somebody else" };
        await device.ConnectAsync(silo.Devices);
        Assert.Equal("not_enrolled", (await device.PostAsync("/device/v1/challenge", new TrustMesh.Wire.Messages.ChallengeRequest(device.Id).Encode())).Code);
        Assert.False(trap.Pending());
    }

    [Fact]
    public async Task A41_An_address_that_a_device_announces_is_for_its_peers_and_the_silo_dials_nobody()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var trap = new TcpListener(IPAddress.Loopback, 0);
        trap.Start();
        using var one = await silo.JoinAsync("one");
        using var two = await silo.JoinAsync("two");
        await one.ProveAsync();
        await two.ProveAsync();
        await new TestWatcher(one, silo) { Addresses = [$"{trap.LocalEndpoint}"] }.NextAsync();
        var other = new TestWatcher(two, silo) { Addresses = ["10.0.0.2:7444"] };
        await other.CatchUpAsync(watcher => watcher.Peers?.Peers.Count == 1);
        Assert.Equal([$"{trap.LocalEndpoint}"], other.Peers!.Peers[0].Addresses);
        using var asked = await silo.Operator.PostAsync("edges/two/one/examine", null);
        Assert.True(asked.IsSuccessStatusCode);
        await silo.RestartAsync();
        Assert.False(trap.Pending());
    }
}
