using System.Net.Http.Json;
using System.Security.Cryptography;
using TrustMesh.Contracts;
using TrustMesh.Tests.Host;

namespace TrustMesh.Tests.Orleans.Parts;

/// <summary>Several silos of one mesh on loopback: real processes, a real Redis where they find each other, a real store.</summary>
internal sealed class RunningCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-cluster-").FullName;
    private readonly List<ClusterSilo> silos = [];
    private string[] settings;
    private string? program;
    private readonly Dictionary<string, string> environment;

    private RunningCluster(RedisServer redis, Azurite? azurite, string[] more)
    {
        (Redis, Azurite) = (redis, azurite);
        environment = azurite is null ? [] : new() { ["TRUSTMESH__STORAGESECRET"] = azurite.Key };
        settings = ["--cluster", redis.Address, "--storage", azurite is null ? redis.Address : azurite.Address("mesh"), .. more];
    }

    /// <summary>Servers without silos yet: Redis with a password that stands in a file, rows in Azurite.</summary>
    /// <param name="ports">Where the silos reach Redis and Azurite: they need not be there.</param>
    public static RunningCluster Prepared(Func<RedisServer, Azurite, (int Redis, int Azurite)>? ports = null)
    {
        var (redis, azurite) = (RedisServer.Start(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))), Azurite.Start());
        var (redisPort, azuritePort) = ports?.Invoke(redis, azurite) ?? (redis.Port, azurite.Port);
        var cluster = new RunningCluster(redis, azurite, []);
        var secret = Path.Combine(cluster.folder, "redis.secret");
        File.WriteAllText(secret, redis.Password + "\n");
        File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        cluster.settings = ["--cluster", $"redis://127.0.0.1:{redisPort}", "--cluster-secret-file", secret, "--storage", $"azure-blob+http://127.0.0.1:{azuritePort}/{Azurite.Account}/mesh"];
        return cluster;
    }

    /// <summary>The same with rows in a Redis of their own.</summary>
    /// <param name="ports">Where the silos reach the Redis of their membership and that of their rows.</param>
    public static RunningCluster PreparedOnRedis(Func<RedisServer, RedisServer, (int Redis, int Rows)> ports)
    {
        var (redis, rows) = (RedisServer.Start(), RedisServer.Start(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))));
        var (redisPort, rowsPort) = ports(redis, rows);
        var cluster = new RunningCluster(redis, null, []) { Rows = rows };
        cluster.environment["TRUSTMESH__STORAGESECRET"] = rows.Password!;
        cluster.settings = ["--cluster", $"redis://127.0.0.1:{redisPort}", "--storage", $"redis://127.0.0.1:{rowsPort}"];
        return cluster;
    }

    /// <summary>Takes the first admin's session from a silo that was just started.</summary>
    public async Task SignInAsync(int silo) => Token = await silos[silo].SignInAsync();

    public RedisServer Redis { get; }

    /// <summary>Null where the rows are in Redis.</summary>
    public Azurite? Azurite { get; }

    /// <summary>The Redis of the rows, where it is another one.</summary>
    public RedisServer? Rows { get; private init; }

    public IReadOnlyList<ClusterSilo> Silos => silos;

    public ClusterSilo this[int index] => silos[index];

    /// <summary>Of an admin; good at every silo.</summary>
    public string Token { get; private set; } = "";

    /// <param name="blobs">Rows in Azurite instead of Redis.</param>
    /// <param name="more">Options of every silo.</param>
    public static Task<RunningCluster> StartAsync(int count, bool blobs = false, params string[] more) => StartAsync(count, blobs ? Azurite.Start() : null, more);

    /// <param name="azurite">For the rows, from now on the cluster's; null for Redis.</param>
    /// <param name="more">Options of every silo.</param>
    public static Task<RunningCluster> StartAsync(int count, Azurite? azurite, params string[] more) => StartAsync(count, azurite, null, more);

    /// <param name="azurite">For the rows, from now on the cluster's; null for Redis.</param>
    /// <param name="program">Folder of another build of the silo; null for the tests' own.</param>
    /// <param name="more">Options of every silo.</param>
    public static async Task<RunningCluster> StartAsync(int count, Azurite? azurite, string? program, string[] more)
    {
        var cluster = new RunningCluster(RedisServer.Start(), azurite, more) { program = program };
        try
        {
            await cluster.AddAsync();
            cluster.Token = await cluster[0].SignInAsync();
            await Task.WhenAll(Enumerable.Range(1, count - 1).Select(_ => cluster.AddAsync()));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A silo that was not started yet, with the mesh's authority key.</summary>
    /// <param name="before">Words before its program.</param>
    public ClusterSilo Prepare(IReadOnlyList<string>? before = null)
    {
        var silo = new ClusterSilo($"silo-{silos.Count + 1}", folder, settings, environment) { Before = before ?? [] };
        silo.Program = program ?? silo.Program;
        if (silos.Count > 0) File.Copy(Path.Combine(silos[0].State, "authority.key"), Path.Combine(silo.State, "authority.key"));
        silos.Add(silo);
        return silo;
    }

    public async Task<ClusterSilo> AddAsync()
    {
        var silo = Prepare();
        await silo.StartAsync();
        return silo;
    }

    /// <summary>An operator at that silo.</summary>
    public HttpClient Operator(int silo)
        => new() { BaseAddress = new($"http://127.0.0.1:{silos[silo].OperatorPort}/api/v1/"), Timeout = TimeSpan.FromSeconds(60), DefaultRequestHeaders = { Authorization = new("Bearer", Token) } };

    public async Task<T> GetAsync<T>(int silo, string path)
    {
        using var client = Operator(silo);
        return (await client.GetFromJsonAsync<T>(path))!;
    }

    public async Task<T> PostAsync<T>(int silo, string path, object body)
    {
        using var client = Operator(silo);
        using var answer = await client.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<T>())!;
    }

    public async Task<string> JoinTokenAsync(int silo, int uses = 10_000, bool autoApprove = true)
        => (await PostAsync<JoinToken>(silo, "enroll/tokens", new JoinTokenRequest(uses, 3600, autoApprove))).Token!;

    /// <summary>Whether a write goes through there now.</summary>
    public async Task<bool> JoinTokenTryAsync(int silo)
    {
        using var client = Operator(silo);
        using var answer = await client.PostAsJsonAsync("enroll/tokens", new JoinTokenRequest(1, 60, false));
        return answer.IsSuccessStatusCode;
    }

    /// <summary>A software device that has joined at that silo and measured one file, connected. Where it is told to come again, it does, as an agent.</summary>
    public async Task<TestDevice> JoinAsync(int silo, string name, string? token = null)
    {
        var device = new TestDevice(name);
        device.Measure("/etc/app.conf", "good");
        await device.ConnectAsync(silos[silo].Devices);
        token ??= await JoinTokenAsync(silo);
        var (result, code) = await EventuallyAsync(() => device.EnrolAsync(token), answer => answer.Code != "unavailable");
        Assert.True(result is not null, code);
        return device;
    }

    /// <summary>Asks until the answer is as it should be: silos learn from each other within moments.</summary>
    public static async Task<T> EventuallyAsync<T>(Func<Task<T>> ask, Func<T, bool> good)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var answer = await ask();
            if (good(answer)) return answer;
            Assert.False(limit.IsCancellationRequested, $"It stayed {answer}.");
            await Task.Delay(50, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in silos) await silo.DisposeAsync();
        Azurite?.Dispose();
        Rows?.Dispose();
        Redis.Dispose();
        Directory.Delete(folder, true);
    }
}
