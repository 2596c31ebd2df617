using TrustMesh.Tests.Host;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Orleans.Conformance;

/// <inheritdoc/>
[OverCluster, Collection(SoftHsmCollection.Name)]
public sealed class TokenEnrolmentOverClusterTests(SoftHsm hsm) : TokenEnrolmentTests(hsm);
