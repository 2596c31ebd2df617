namespace TrustMesh.Trust.Joining;

/// <summary>A challenge to answer, or a refusal: exactly one of the two.</summary>
public sealed record EnrolmentStart(PendingEnrolment? Pending, EnrolmentRefusal? Refusal);
