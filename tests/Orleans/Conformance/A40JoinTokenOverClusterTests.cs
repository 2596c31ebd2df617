using TrustMesh.Tests.Attacks;

namespace TrustMesh.Tests.Orleans.Conformance;

/// <inheritdoc/>
[OverCluster]
public sealed class A40JoinTokenOverClusterTests : A40JoinTokenTests;
