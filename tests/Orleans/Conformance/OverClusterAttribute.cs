using TrustMesh.Tests.Host;

namespace TrustMesh.Tests.Orleans.Conformance;

/// <summary>The silos of these tests are each a cluster of one, over a Redis of its own: tests do not see each other.</summary>
internal sealed class OverClusterAttribute : OverAttribute
{
    protected override SiloPlace Start() => new ClusterOfOne();
}
