using TrustMesh.Tests.Orleans.Parts;

namespace TrustMesh.Tests.Orleans.Faults;

/// <summary>Tests that break the roads of <see cref="TwoSilos"/>, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class FaultCollection : ICollectionFixture<TwoSilos>
{
    public const string Name = "faults";
}
