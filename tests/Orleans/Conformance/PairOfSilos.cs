using TrustMesh.Host.Settings;
using TrustMesh.Tests.Host;
using TrustMesh.Tests.Orleans.Parts;

namespace TrustMesh.Tests.Orleans.Conformance;

/// <summary>Two silos of one mesh in this process, over one Redis.</summary>
internal sealed class PairOfSilos : IAsyncDisposable
{
    private readonly RedisServer redis = RedisServer.Start();

    public RunningSilo One { get; private set; } = null!;

    public RunningSilo Two { get; private set; } = null!;

    public IReadOnlyList<RunningSilo> Both => [One, Two];

    public static async Task<PairOfSilos> StartAsync(Func<SiloSettings, SiloSettings>? change = null)
    {
        var pair = new PairOfSilos();
        try
        {
            pair.One = await pair.StartAsync("one", change, null);
            pair.Two = await pair.StartAsync("two", change, Path.Combine(pair.One.Settings.State, "authority.key"));
            return pair;
        }
        catch
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Two is not null) await Two.DisposeAsync();
        if (One is not null) await One.DisposeAsync();
        redis.Dispose();
    }

    private Task<RunningSilo> StartAsync(string name, Func<SiloSettings, SiloSettings>? change, string? authority)
        => RunningSilo.StartAsync(settings => (change?.Invoke(settings) ?? settings) with { Cluster = ClusterOfOne.Options(redis, name), AuthorityKey = authority });
}
