using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using TrustMesh.Contracts;
using TrustMesh.Tests.Orleans.Parts;

namespace TrustMesh.Bench.Cluster;

/// <summary>Silos as processes of their own, one embedded or several in a cluster, and devices that load them from this process.</summary>
internal sealed class BenchCluster : IAsyncDisposable
{
    private readonly RunningCluster? cluster;
    private readonly ClusterSilo? embedded;

    private BenchCluster(string name, RunningCluster? cluster, ClusterSilo? embedded) => (Name, this.cluster, this.embedded) = (name, cluster, embedded);

    public string Name { get; }

    public List<LoadDevice> Devices { get; } = [];

    public bool IsEmbedded => cluster is null;

    public RunningCluster Mesh => cluster ?? throw new InvalidOperationException("It is no cluster.");

    public IReadOnlyList<ClusterSilo> Silos => cluster?.Silos ?? [embedded!];

    public string Token { get; private set; } = "";

    /// <param name="silos">0: one that is embedded.</param>
    public static async Task<BenchCluster> StartAsync(string name, int silos, bool blobs = false)
    {
        // Limits are there to be reached; all devices come from one address here.
        foreach (var limit in (string[])["SourceRate", "ConnectionsPerSource", "Connections", "ResidentTwins", "DeviceRate", "EnrolmentRate", "PendingDevices"]) Environment.SetEnvironmentVariable($"TRUSTMESH__Limits__{limit}", "1000000");
        if (silos > 0)
        {
            var cluster = await RunningCluster.StartAsync(silos, blobs);
            return new(name, cluster, null) { Token = cluster.Token };
        }
        var folder = Directory.CreateTempSubdirectory("trustmesh-bench-embedded-").FullName;
        var silo = new ClusterSilo("silo-1", folder, [], new Dictionary<string, string>());
        await silo.StartAsync();
        return new(name, null, silo) { Token = await silo.SignInAsync() };
    }

    public HttpClient Operator(int silo)
        => new() { BaseAddress = new($"http://127.0.0.1:{Silos[silo].OperatorPort}/api/v1/"), Timeout = TimeSpan.FromSeconds(60), DefaultRequestHeaders = { Authorization = new("Bearer", Token) } };

    /// <summary>So many devices more, joined at the silos in turn and proven once, so many at a time.</summary>
    public async Task JoinAsync(int count, bool stay = true)
    {
        using var client = Operator(0);
        using var answer = await client.PostAsJsonAsync("enroll/tokens", new JoinTokenRequest(Math.Max(count, 1), 3600, true));
        var text = (await answer.Content.ReadFromJsonAsync<Contracts.JoinToken>())!.Token!;
        if (!Agent.Identity.JoinToken.TryParse(text, out var token)) throw new InvalidOperationException("the silo's join token is not one for the agent");
        var made = new LoadDevice[count];
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
        {
            made[i] = new();
            for (var tries = 1; ; tries++)
            {
                try
                {
                    await made[i].JoinAsync(Silos[i % Silos.Count].Devices, token!, $"load-{Devices.Count + i}");
                    await made[i].ProveAsync();
                    break;
                }
                catch (Agent.Silo.SiloException) when (tries < 10)
                {
                    // A machine that does too much: an agent comes back as well.
                    await Task.Delay(500, CancellationToken.None);
                }
            }
            if (!stay) made[i].Hang();
        });
        Devices.AddRange(made);
    }

    /// <summary>What the Redis of the cluster has done: commands by name.</summary>
    public async Task<Dictionary<string, long>> RedisCallsAsync()
    {
        using var socket = new TcpClient("127.0.0.1", Mesh.Redis.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("INFO commandstats\r\nQUIT\r\n"));
        var said = await new StreamReader(stream).ReadToEndAsync();
        return said.Split("\r\n").Where(line => line.StartsWith("cmdstat_", StringComparison.Ordinal))
            .ToDictionary(line => line[8..line.IndexOf(':', StringComparison.Ordinal)], line => long.Parse(line.Split('=', ',')[1], System.Globalization.CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var device in Devices) device.Dispose();
        if (cluster is not null) await cluster.DisposeAsync();
        if (embedded is not null) await embedded.DisposeAsync();
        if (embedded is not null) Directory.Delete(Path.GetDirectoryName(embedded.State)!, true);
    }
}
