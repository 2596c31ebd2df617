using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Tests.Host;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Attacks;

public class A38ResumptionTests
{
    [Fact]
    public async Task A38_A_session_that_is_offered_again_gets_a_full_handshake()
    {
        Assert.SkipUnless(Command.Exists("openssl"), "openssl is not installed (apt-get install openssl)");
        await using var silo = await RunningSilo.StartAsync();
        var folder = Directory.CreateTempSubdirectory("trustmesh-tls-").FullName;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var own = new CertificateRequest("CN=session", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(Path.Combine(folder, "c.pem"), own.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        var request = @"printf 'POST /device/v1/challenge HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'";
        // OpenSSL sends tickets that lead nowhere even when resumption is off; what counts is that offering one back changes nothing.
        var first = Connect("-sess_out s.pem");
        Assert.True(first.Contains("HTTP/1.1 400", StringComparison.Ordinal), first);
        Assert.True(File.Exists(Path.Combine(folder, "s.pem")), "openssl kept no session to offer");
        var second = Connect("-sess_in s.pem");
        Assert.Contains("HTTP/1.1 400", second, StringComparison.Ordinal);
        Assert.Contains("New, TLSv1.3", second, StringComparison.Ordinal);
        Assert.DoesNotContain("Reused", second, StringComparison.Ordinal);
        Assert.Contains("CertificateRequest", second, StringComparison.Ordinal);
        Directory.Delete(folder, true);

        string Connect(string session)
            => Command.Run(folder, "sh", "-c", $"{request} | openssl s_client -connect {silo.Devices.Authority} -cert c.pem -key c.pem -tls1_3 -msg -ign_eof {session}").Output;
    }

    [Fact]
    public async Task A38_Nothing_below_TLS_1_3_is_spoken()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = new TestDevice("old");
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await device.ConnectAsync(silo.Devices, SslProtocols.Tls12);
            await device.ChallengeAsync();
        });
    }
}
