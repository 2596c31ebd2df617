using TrustMesh.Trust.Twins;

namespace TrustMesh.Tests.Trust;

public sealed class InMemoryTwinStoreTests : TwinStoreConformance
{
    protected override ITwinStore Store { get; } = new InMemoryTwinStore();
}
