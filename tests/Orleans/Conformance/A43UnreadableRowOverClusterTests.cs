using TrustMesh.Tests.Attacks;

namespace TrustMesh.Tests.Orleans.Conformance;

/// <inheritdoc/>
[OverCluster]
public sealed class A43UnreadableRowOverClusterTests : A43UnreadableRowTests;
