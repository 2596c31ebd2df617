using TrustMesh.Tests.Orleans.Parts;

namespace TrustMesh.Tests.Orleans.Faults;

/// <summary>Tests that break the roads of <see cref="TwoSilosOnRedis"/>, one after the other, and not beside those of <see cref="TwoSilos"/>: four silos would hold each other up.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class FaultOnRedisCollection : ICollectionFixture<TwoSilosOnRedis>
{
    public const string Name = "faults on Redis";
}
