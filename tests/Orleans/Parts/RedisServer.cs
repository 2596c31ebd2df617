using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Orleans.Parts;

/// <summary>A real Redis on loopback with its own folder; what it acknowledged is on disk. Gone when it is disposed or the tests end.</summary>
internal sealed class RedisServer : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-redis-").FullName;
    private readonly string[] arguments;
    private ServerProcess process = null!;

    private RedisServer(string? password, bool tls, string certifiedName)
    {
        (Port, Password) = (ServerProcess.FreePort(), password);
        if (tls) Certificate = new(folder, certifiedName);
        // A password stands in a file: arguments are for everybody to see.
        var configuration = Path.Combine(folder, "redis.conf");
        File.WriteAllText(configuration, password is null ? "" : $"requirepass {password}\n");
        arguments =
        [
            configuration, "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "yes", "--appendfsync", "always",
            .. Certificate is null
                ? (string[])["--port", Port.ToString(CultureInfo.InvariantCulture)]
                : ["--port", "0", "--tls-port", Port.ToString(CultureInfo.InvariantCulture), "--tls-cert-file", Certificate.Certificate, "--tls-key-file", Certificate.Key,
                    "--tls-ca-cert-file", Certificate.Authority, "--tls-auth-clients", "no"],
        ];
    }

    public int Port { get; }

    public string? Password { get; }

    /// <summary>Null without TLS.</summary>
    public ServerCertificate? Certificate { get; }

    /// <summary>As --cluster and --storage take it.</summary>
    public string Address => $"{(Certificate is null ? "redis" : "rediss")}://127.0.0.1:{Port}";

    public static bool IsInstalled => Command.Exists("redis-server");

    /// <param name="certifiedName">Whom the certificate is for, with TLS.</param>
    public static RedisServer Start(string? password = null, bool tls = false, string certifiedName = "127.0.0.1")
    {
        Assert.SkipUnless(IsInstalled, "redis-server is not installed (apt-get install redis-server)");
        var server = new RedisServer(password, tls, certifiedName);
        server.Restart();
        return server;
    }

    /// <summary>It stands still: connections stay open and nobody answers.</summary>
    public void Pause() => process.Pause();

    public void Resume() => process.Resume();

    /// <summary>Ends it as a power cut would; <see cref="Restart"/> starts it again.</summary>
    public void Kill()
    {
        process.Kill();
        process.Dispose();
    }

    /// <summary>Has it do something that it answers with OK.</summary>
    public async Task AskAsync(string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        await using var stream = client.GetStream();
        using var answers = new StreamReader(stream);
        foreach (var line in Password is null ? (string[])[command] : [$"AUTH {Password}", command])
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
            var answer = await answers.ReadLineAsync();
            Assert.True(answer == "+OK", $"Redis answered {answer}");
        }
    }

    /// <summary>All bytes of what it was told to keep: its files, to which every write was appended.</summary>
    public async Task<byte[]> EverythingAsync()
    {
        using var all = new MemoryStream();
        foreach (var file in Directory.GetFiles(folder, "*.aof", SearchOption.AllDirectories))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            await stream.CopyToAsync(all);
        }
        return all.ToArray();
    }

    /// <summary>Starts it on the same port with what it had on disk.</summary>
    public void Restart() => process = ServerProcess.Start(folder, "redis-server", arguments, "Ready to accept connections").Server;

    public void Dispose()
    {
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
