using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Silo;
using TrustMesh.Tests.Agent;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

/// <summary>The silo here gives out tickets; what counts is whether the client ever uses one.</summary>
public sealed class A38AgentResumptionTests : IDisposable
{
    private const int PreSharedKey = 41;
    private readonly FakeAuthority authority = new();
    private readonly RegisterRoot root = new();

    [Fact]
    public async Task A38_The_agent_never_offers_to_resume_a_session()
    {
        await using var silo = await FakeSilo.StartAsync(authority);
        using var proxy = new ListeningProxy(silo.Address.Port);
        using var session = new SessionKey(TimeProvider.System);
        for (var i = 0; i < 3; i++)
        {
            using var connection = await SiloConnection.OpenAsync(proxy.Address, authority.Pin, session, TimeProvider.System, CancellationToken.None);
            // An answer has been read, so the tickets that came before it have been too.
            Challenge.Decode(await connection.PostAsync("/device/v1/challenge", new ChallengeRequest(root.Device).Encode(), CancellationToken.None));
        }
        Assert.Equal(3, proxy.Hellos.Count);
        Assert.All(proxy.Hellos, hello => Assert.DoesNotContain(PreSharedKey, ListeningProxy.Extensions(hello)));
    }

    /// <summary>The same silo and the same look at the wire with a client that may resume: the test above can fail.</summary>
    [Fact]
    public async Task A38_A_client_that_resumes_would_be_seen()
    {
        await using var silo = await FakeSilo.StartAsync(authority);
        using var proxy = new ListeningProxy(silo.Address.Port);
        using var session = new SessionKey(TimeProvider.System);
        var context = SslStreamCertificateContext.Create(session.Certificate, null, offline: true);
        for (var i = 0; i < 2; i++)
        {
            using var tcp = new TcpClient();
            await tcp.ConnectAsync("localhost", proxy.Address.Port);
            await using var tls = new SslStream(tcp.GetStream());
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost", EnabledSslProtocols = SslProtocols.Tls13, AllowTlsResume = true, ClientCertificateContext = context,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck, RemoteCertificateValidationCallback = (_, _, _, _) => true,
            });
            await tls.WriteAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
            Assert.True(await tls.ReadAsync(new byte[1024]) > 0);
        }
        Assert.Contains(PreSharedKey, ListeningProxy.Extensions(proxy.Hellos.Last()));
    }

    public void Dispose() => authority.Dispose();
}
