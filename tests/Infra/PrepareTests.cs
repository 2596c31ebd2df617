using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Host.Keys;
using TrustMesh.Tests.Host;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Infra;

/// <summary>infra/container/prepare, run for real: what it makes is what silo, Redis and the door take.</summary>
public sealed class PrepareTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-prepare-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    [Fact]
    public void Every_part_gets_its_own_files_and_nobody_else_may_read_them()
    {
        Prepare();
        Assert.Equal(["authority.key", "ca.pem", "cluster.secret", "operator.key", "operator.pem", "storage.secret"], In("silo"));
        Assert.Equal(["ca.pem", "redis.key", "redis.pem", "users.acl"], In("redis"));
        Assert.Equal(["ca.pem", "dashboard.pem", "dashboard.pem.key"], In("dashboard"));
        Assert.Equal(["ca.pem"], In("public"));
        Assert.Equal(["ca.key", "ca.pem"], In("issuer"));
        Assert.All(Directory.GetFiles(folder, "*", SearchOption.AllDirectories), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        using var authority = KeyFile.OpenOrCreate(At("silo/authority.key"));
        Assert.Equal("software", authority.Kind);
        // Azure's accounts have keys of 64 bytes.
        Assert.Equal(64, Convert.FromBase64String(File.ReadAllText(At("silo/storage.secret"))).Length);
        Assert.Matches("^[0-9a-f]{64}$", File.ReadAllText(At("silo/cluster.secret")));
        Assert.Contains($"#{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(At("silo/cluster.secret"))))} ", File.ReadAllText(At("redis/users.acl")));
        Assert.DoesNotContain(File.ReadAllText(At("silo/cluster.secret")), File.ReadAllText(At("redis/users.acl")));
    }

    [Fact]
    public void A_second_run_keeps_keys_and_secrets_and_renews_certificates()
    {
        Prepare();
        string[] kept = ["issuer/ca.key", "issuer/ca.pem", "silo/authority.key", "silo/cluster.secret", "silo/storage.secret", "redis/users.acl"];
        var before = kept.Select(file => File.ReadAllText(At(file))).ToList();
        var certificate = File.ReadAllText(At("silo/operator.pem"));
        Prepare();
        Assert.Equal(before, kept.Select(file => File.ReadAllText(At(file))));
        Assert.NotEqual(certificate, File.ReadAllText(At("silo/operator.pem")));
    }

    [Fact]
    public void Certificates_are_for_the_names_that_were_given()
    {
        Prepare("silo=silo-1.example,10.0.0.1");
        using var root = X509CertificateLoader.LoadCertificateFromFile(At("public/ca.pem"));
        using var silo = X509CertificateLoader.LoadCertificateFromFile(At("silo/operator.pem"));
        using var chain = new X509Chain();
        (chain.ChainPolicy.TrustMode, chain.ChainPolicy.RevocationMode) = (X509ChainTrustMode.CustomRootTrust, X509RevocationMode.NoCheck);
        chain.ChainPolicy.CustomTrustStore.Add(root);
        Assert.True(chain.Build(silo));
        Assert.True(silo.MatchesHostname("silo-1.example") && silo.MatchesHostname("10.0.0.1") && !silo.MatchesHostname("redis"));
        var (code, _, error) = Command.Run(folder, Script("prepare"), folder, "nobody=x");
        Assert.Equal(2, code);
        Assert.Contains("nobody=x", error);
    }

    [Fact]
    public async Task The_health_check_trusts_a_silo_with_our_certificate_and_no_other()
    {
        Prepare();
        await using var silo = await RunningSilo.StartAsync(settings => settings with { OperatorCertificate = null });
        Assert.Equal(0, await HealthyAsync($"http://127.0.0.1:{silo.Process.OperatorAddress.Port}/readyz", null));
        Assert.NotEqual(0, await HealthyAsync($"http://127.0.0.1:{silo.Process.OperatorAddress.Port}/api/v1/mesh", null));
        using var web = new Door(At("silo/operator.pem"), At("silo/operator.key"));
        Assert.Equal(0, await HealthyAsync($"https://127.0.0.1:{web.Port}/livez", At("public/ca.pem")));
        Assert.Equal(0, await HealthyAsync($"https://localhost:{web.Port}/livez", At("public/ca.pem")));
        Prepare("silo=elsewhere");
        using var other = new Door(At("silo/operator.pem"), At("silo/operator.key"));
        Assert.NotEqual(0, await HealthyAsync($"https://127.0.0.1:{other.Port}/livez", At("public/ca.pem")));
        Directory.Delete(At("issuer"), true);
        Prepare();
        using var stranger = new Door(At("silo/operator.pem"), At("silo/operator.key"));
        Assert.Equal(0, await HealthyAsync($"https://127.0.0.1:{stranger.Port}/livez", At("public/ca.pem")));
        Assert.NotEqual(0, await HealthyAsync($"https://127.0.0.1:{web.Port}/livez", At("public/ca.pem")));
    }

    [Fact]
    public void Redis_takes_its_configuration_and_only_the_right_password()
    {
        Assert.SkipUnless(Command.Exists("redis-server"), "redis-server is not on this machine");
        Prepare("redis=localhost");
        var data = Directory.CreateDirectory(At("data")).FullName;
        // A socket of our own instead of a port somebody else may have: the rest of the file is as it ships.
        var settings = Shipped("redis.conf", "redis").Replace("dir /data", $"dir {data}", StringComparison.Ordinal).Replace("tls-port 6379", $"tls-port {FreePort()}", StringComparison.Ordinal);
        var port = System.Text.RegularExpressions.Regex.Match(settings, "tls-port ([0-9]+)").Groups[1].Value;
        File.WriteAllText(At("redis.conf"), settings + "bind 127.0.0.1\n");
        using var redis = Process.Start(new ProcessStartInfo("redis-server", [At("redis.conf")]) { RedirectStandardOutput = true })!;
        try
        {
            var said = "";
            while (redis.StandardOutput.ReadLine() is { } line && !(said += line).Contains("Ready to accept", StringComparison.Ordinal)) Assert.False(redis.HasExited, said);
            string[] tls = ["--tls", "--cacert", At("public/ca.pem"), "-h", "127.0.0.1", "-p", port, "--no-auth-warning"];
            string Ask(params string[] words) => Command.Run(folder, "redis-cli", [.. tls, .. words]).Output.Trim();
            Assert.Equal("PONG", Ask("--user", "probe", "--pass", "any", "ping"));
            Assert.StartsWith("NOPERM", Ask("--user", "probe", "--pass", "any", "get", "x"));
            Assert.StartsWith("NOAUTH", Ask("get", "x"));
            var password = File.ReadAllText(At("silo/cluster.secret"));
            Assert.Equal("OK", Ask("-a", password, "set", "x", "1"));
            Assert.StartsWith("NOPERM", Ask("-a", password, "config", "get", "dir"));
            Assert.StartsWith("NOPERM", Ask("-a", password, "flushall"));
            Assert.Contains("WRONGPASS", Command.Run(folder, "redis-cli", [.. tls, "-a", "wrong", "get", "x"]) is var (_, output, error) ? output + error + Ask("-a", "wrong", "auth", "wrong") : "");
        }
        finally
        {
            redis.Kill();
            redis.WaitForExit();
        }
    }

    [Fact]
    public void The_door_takes_its_configuration()
    {
        Assert.SkipUnless(Command.Exists("haproxy") || File.Exists("/usr/sbin/haproxy"), "haproxy is not on this machine");
        Prepare();
        File.WriteAllText(At("haproxy.cfg"), Shipped("haproxy.cfg", "dashboard"));
        var (code, output, error) = Command.Run(folder, Command.Exists("haproxy") ? "haproxy" : "/usr/sbin/haproxy", "-c", "-f", At("haproxy.cfg"));
        Assert.True(code == 0, output + error);
    }

    private string At(string path) => Path.Combine(folder, path);

    private IEnumerable<string> In(string part) => Directory.GetFiles(At(part)).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal);

    private string Shipped(string file, string part) => File.ReadAllText(Path.Combine(Compose.Folder, file)).Replace("/run/trustmesh", At(part), StringComparison.Ordinal);

    private static string Script(string name) => Path.Combine(Compose.Folder, name);

    private void Prepare(params string[] names)
    {
        Assert.SkipUnless(Command.Exists("openssl"), "openssl is not on this machine");
        var (code, _, error) = Command.Run(folder, Script("prepare"), [folder, .. names]);
        Assert.True(code == 0, error);
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<int> HealthyAsync(string url, string? authority)
    {
        var start = new ProcessStartInfo(Script("healthy"), [url]);
        if (authority is not null) start.Environment["SSL_CERT_FILE"] = authority;
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return process.ExitCode;
    }
}
