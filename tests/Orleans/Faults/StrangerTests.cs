using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Contracts;
using TrustMesh.Host.Keys;
using TrustMesh.Tests.Orleans.Parts;
using TrustMesh.Trust.Authority;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Orleans.Faults;

/// <summary>Who has the wrong key, password, name or certificate never becomes a silo of the mesh, is told why, and disturbs nobody.</summary>
[Collection(FaultCollection.Name)]
public sealed class StrangerTests(TwoSilos fixture)
{
    private RunningCluster Mesh => fixture.Cluster;

    [Fact]
    public async Task A37_a_silo_with_the_wrong_redis_password_never_joins()
    {
        var silo = Mesh.Prepare();
        var wrong = Path.Combine(silo.State, "wrong.secret");
        await File.WriteAllTextAsync(wrong, "hunter2hunter2\n");
        File.SetUnixFileMode(wrong, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await RefusedAsync(silo, ["--cluster"], "--cluster-secret-file", wrong);
        Assert.DoesNotContain("hunter2", silo.Everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A37_a_silo_with_the_wrong_storage_key_never_joins()
    {
        var silo = Mesh.Prepare();
        var wrong = silo.Variables["TRUSTMESH__STORAGESECRET"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));
        await RefusedAsync(silo, ["storage", "secret"]);
        Assert.DoesNotContain(wrong, silo.Everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A37_a_silo_with_the_authority_key_of_another_mesh_never_joins()
    {
        var silo = Mesh.Prepare();
        // It makes a new one.
        File.Delete(Path.Combine(silo.State, "authority.key"));
        await RefusedAsync(silo, ["This silo's authority key is not the one of the mesh test-mesh", "--authority-key"]);
    }

    [Fact]
    public async Task A37_a_silo_of_a_mesh_with_another_name_never_joins()
        => await RefusedAsync(Mesh.Prepare(), ["The storage is of the mesh test-mesh, not other-mesh", "--mesh test-mesh"], "--mesh", "other-mesh");

    [Fact]
    public async Task Two_silos_with_one_key_cannot_both_run_and_the_first_stays()
    {
        var silo = Mesh.Prepare();
        File.Copy(Path.Combine(Mesh[1].State, "silo.key"), Path.Combine(silo.State, "silo.key"));
        await RefusedAsync(silo, ["The silo silo-2 at ", "runs with the same key already", "Give this one a state directory of its own"]);
    }

    [Fact]
    public async Task Two_silos_with_one_name_cannot_both_run_and_the_first_stays()
        => await RefusedAsync(Mesh.Prepare(), ["There is a silo named silo-2 at ", "--silo-name"], "--silo-name", "silo-2");

    [Fact]
    public async Task A37_who_speaks_to_the_silo_port_without_a_certificate_of_a_member_is_refused_at_the_handshake()
    {
        using var authorityKey = KeyFile.OpenOrCreate(Path.Combine(Mesh[0].State, "authority.key"));
        using var siloKey = KeyFile.OpenOrCreate(Path.Combine(Mesh[1].State, "silo.key"));
        using var foreignKey = new SigningKey(Fresh(), "software");
        using var strangerKey = new SigningKey(Fresh(), "software");
        var (authority, foreign) = (new MeshAuthority(authorityKey, "test-mesh", TimeProvider.System), new MeshAuthority(foreignKey, "test-mesh", TimeProvider.System));
        // A member is heard; the others differ from it in one thing each.
        Assert.True(await IsHeardAsync(authority.CertifyMember(strangerKey)));
        Assert.False(await IsHeardAsync(null));
        Assert.False(await IsHeardAsync(authority.CertifySilo(siloKey, ["localhost", "silo.test-mesh"])));
        Assert.False(await IsHeardAsync(foreign.CertifyMember(strangerKey)));
        Assert.False(await IsHeardAsync(new MeshAuthority(authorityKey, "other-mesh", TimeProvider.System).CertifyMember(strangerKey)));
        await RunningCluster.EventuallyAsync(() => Task.FromResult(Mesh[0].Said), said => said.Contains("Somebody who is no silo of this mesh tried to connect", StringComparison.Ordinal));
        await WholeAsync();
    }

    private static ECParameters Fresh()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportParameters(true);
    }

    /// <summary>Whether the connection is still there a moment after the handshake. With TLS 1.3 a client is done before the server has judged it.</summary>
    private async Task<bool> IsHeardAsync(X509Certificate2? certificate)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", Mesh[0].SiloPort);
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "silo.test-mesh",
                ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            });
            var read = tls.ReadAsync(new byte[1]).AsTask();
            return await Task.WhenAny(read, Task.Delay(TimeSpan.FromSeconds(2))) != read || await read > 0;
        }
        catch (Exception refused) when (refused is IOException or System.Security.Authentication.AuthenticationException)
        {
            // That is the refusal.
            return false;
        }
    }

    /// <summary>It ends with 1 and these words; no table ever shows it as one of the silos; the others go on.</summary>
    private async Task RefusedAsync(ClusterSilo silo, string[] words, params string[] more)
    {
        Assert.False(await silo.TryStartAsync(more));
        Assert.Equal(1, silo.ExitCode);
        foreach (var word in words) Assert.Contains(word, silo.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", silo.Said, StringComparison.Ordinal);
        await WholeAsync();
    }

    private async Task WholeAsync()
    {
        await RunningCluster.EventuallyAsync(
            () => Mesh.GetAsync<IReadOnlyList<SiloView>>(0, "silos"), all => all.All(view => view.Health == (view.Name is "silo-1" or "silo-2" ? "active" : "dead")));
        using var device = await Mesh.JoinAsync(1, $"calm-{Guid.NewGuid():n}"[..20]);
        Assert.Equal(Standing.Active, (await device.ProveAsync()).Standing);
    }
}
