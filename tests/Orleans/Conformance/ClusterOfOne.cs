using Microsoft.Extensions.Configuration;
using TrustMesh.Host.Settings;
using TrustMesh.Tests.Host;
using TrustMesh.Tests.Orleans.Parts;

namespace TrustMesh.Tests.Orleans.Conformance;

/// <summary>Membership and rows of one silo, in a Redis of its own.</summary>
internal sealed class ClusterOfOne : SiloPlace
{
    private readonly RedisServer redis = RedisServer.Start();

    public override SiloSettings Over(SiloSettings settings) => settings with { Cluster = Options(redis, "silo") };

    /// <summary>What a silo of that name has to know of its cluster, read as the executable reads it.</summary>
    public static ClusterOptions Options(RedisServer redis, string name)
    {
        var listen = $"127.0.0.1:{ServerProcess.FreePort()}";
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["TrustMesh:Cluster"] = redis.Address, ["TrustMesh:Storage"] = redis.Address, ["TrustMesh:SiloName"] = name, ["TrustMesh:SiloListen"] = listen,
        }).Build();
        var (settings, errors) = SettingsReader.Read(configuration, []);
        Assert.Empty(errors);
        return settings!.Cluster!;
    }

    public override Task<byte[]> EverythingAsync() => redis.EverythingAsync();

    public override ValueTask DisposeAsync()
    {
        redis.Dispose();
        return default;
    }
}
