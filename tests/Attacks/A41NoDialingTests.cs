using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Tests.Host;

namespace TrustMesh.Tests.Attacks;

public sealed class A41NoDialingTests
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
}
