using TrustMesh.Trust.Twins;

namespace TrustMesh.Trust.Joining;

/// <summary>The device's twin, or a refusal: exactly one of the two.</summary>
public sealed record EnrolmentEnd(TwinState? State, EnrolmentRefusal? Refusal);
