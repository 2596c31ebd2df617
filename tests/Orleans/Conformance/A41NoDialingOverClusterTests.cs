using TrustMesh.Tests.Attacks;

namespace TrustMesh.Tests.Orleans.Conformance;

/// <inheritdoc/>
[OverCluster]
public sealed class A41NoDialingOverClusterTests : A41NoDialingTests;
