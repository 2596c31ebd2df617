namespace TrustMesh.Trust.Twins;

/// <summary>Who lets a device in: at once, or after a person has looked.</summary>
public sealed record Admission(Enrolment Enrolment, bool Approved);
