using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace TrustMesh.Cli.Demo;

/// <summary>
/// What several silos share: a Redis, where they find each other, and an Azurite, which keeps blobs as Azure does. Both listen on this machine's
/// loopback alone, where no device with a namespace of its own gets; their secrets are made here and stand in files of their user.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class DemoStores(DemoFolder folder, Children children, Surroundings surroundings)
{
    private const string Loopback = "127.0.0.1", Account = "trustmesh", Container = "demo";

    private readonly string redis = Program(surroundings, "TRUSTMESH_REDIS", () => Tool.TryFind("redis-server"), "redis-server is not installed. On Debian: apt-get install redis-server");

    private readonly string azurite = Program(surroundings, "TRUSTMESH_AZURITE", () => Programs.InRepository("infra/azurite/node_modules/.bin/azurite-blob") ?? Tool.TryFind("azurite-blob"),
        "Azurite is not installed. Get it with: npm install --global azurite");

    private string RedisSecret => Path.Combine(folder.Folder("redis"), "secret");

    private string AzuriteSecret => Path.Combine(folder.Folder("azurite"), "secret");

    private int RedisPort { get; } = KeptPort.Of(folder, "redis");

    private int AzuritePort { get; } = KeptPort.Of(folder, "azurite");

    /// <summary>Options of a silo that make it one of the cluster.</summary>
    /// <param name="first">The silo that makes the mesh authority's key, in its own folder.</param>
    public IReadOnlyList<string> SettingsOf(string silo, string first) =>
    [
        "--silo-name", silo, "--silo-listen", string.Create(CultureInfo.InvariantCulture, $"{Loopback}:{KeptPort.Of(folder, silo)}"),
        .. silo == first ? (string[])[] : ["--authority-key", folder.At(first, "authority.key")],
        "--cluster", string.Create(CultureInfo.InvariantCulture, $"redis://{Loopback}:{RedisPort}"), "--cluster-secret-file", RedisSecret,
        "--storage", string.Create(CultureInfo.InvariantCulture, $"azure-blob+http://{Loopback}:{AzuritePort}/{Account}/{Container}"), "--storage-secret-file", AzuriteSecret,
    ];

    /// <summary>Returns when both answer.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        var password = await SecretAsync(RedisSecret, 32, ct);
        var key = await SecretAsync(AzuriteSecret, 64, ct);
        await Task.WhenAll(StartRedisAsync(password, ct), StartAzuriteAsync(key, ct));
    }

    /// <summary>What it acknowledged is on disk. The password stands in its configuration: arguments are for everybody's eyes (attack A47).</summary>
    private async Task StartRedisAsync(string password, CancellationToken ct)
    {
        var configuration = Path.Combine(folder.Folder("redis"), "redis.conf");
        await PrivateFile.WriteAsync(configuration,
            string.Create(CultureInfo.InvariantCulture, $"bind {Loopback}\nport {RedisPort}\nrequirepass {password}\ndir \"{folder.Folder("redis")}\"\nsave \"\"\nappendonly yes\nappendfsync always\n"), ct);
        await StartAsync("redis", "Ready to accept connections", [], [redis, configuration], ct);
    }

    private Task StartAzuriteAsync(string key, CancellationToken ct)
        => StartAsync("azurite", "successfully listens on", new() { ["AZURITE_ACCOUNTS"] = $"{Account}:{key}" },
        [
            azurite, "--blobHost", Loopback, "--blobPort", AzuritePort.ToString(CultureInfo.InvariantCulture), "--location", folder.Folder("azurite", "blobs"), "--silent", "--disableTelemetry",
        ], ct);

    private async Task StartAsync(string name, string ready, Dictionary<string, string> environment, IReadOnlyList<string> command, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, children.Died);
        var log = new LogLine(folder.Log(name));
        await children.StartAsync(name, folder.Log(name), folder.Folder(name), environment, command);
        await log.SaysAsync(ready, either.Token);
    }

    /// <summary>Of so many random bytes, in base64; the same as long as the folder is kept.</summary>
    private static async Task<string> SecretAsync(string file, int length, CancellationToken ct)
    {
        if (!File.Exists(file)) await PrivateFile.WriteAsync(file, Convert.ToBase64String(RandomNumberGenerator.GetBytes(length)), ct);
        return await File.ReadAllTextAsync(file, ct);
    }

    /// <param name="variable">Names the program, if it is set.</param>
    /// <param name="missing">A sentence without its end: what is missing, and how to get it.</param>
    private static string Program(Surroundings surroundings, string variable, Func<string?> find, string missing)
        => surroundings.Variable(variable) is { } named
            ? File.Exists(named) ? named : throw new DemoFailure($"{variable} says {named}, which is not there. Correct or unset it.")
            : find() ?? throw new DemoFailure($"{missing}, or start with infra/run --cluster 3, which does that.");
}
