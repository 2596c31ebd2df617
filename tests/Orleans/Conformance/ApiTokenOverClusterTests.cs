using TrustMesh.Tests.Host;

namespace TrustMesh.Tests.Orleans.Conformance;

/// <inheritdoc/>
[OverCluster]
public sealed class ApiTokenOverClusterTests : ApiTokenTests;
