using TrustMesh.Tests.Attacks;

namespace TrustMesh.Tests.Orleans.Conformance;

/// <inheritdoc/>
[OverCluster]
public sealed class A37ApiTokenOverClusterTests : A37ApiTokenTests;
