namespace TrustMesh.Tests.Parts;

/// <summary>Tests with SoftHSM in this process: see <see cref="SoftHsm"/>.</summary>
[CollectionDefinition(Name)]
public sealed class SoftHsmCollection : ICollectionFixture<SoftHsm>
{
    public const string Name = "softhsm";
}
