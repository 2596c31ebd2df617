using TrustMesh.Tests.Attacks;

namespace TrustMesh.Tests.Orleans.Conformance;

/// <inheritdoc/>
[OverCluster]
public sealed class A39UsedFieldsOverClusterTests : A39UsedFieldsTests;
