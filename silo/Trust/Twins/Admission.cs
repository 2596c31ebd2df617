namespace TrustMesh.Trust.Twins;

/// <summary>Who lets a device in: at once, or after a person has looked.</summary>
/// <param name="Rule">The approval rule that let it in, in words; null if none did.</param>
/// <param name="SetBy">With a rule: who stands behind it, as the actor of the approval.</param>
/// <param name="Tags">What its join token gives a device that joins for the first time; null where that is nothing.</param>
public sealed record Admission(Enrolment Enrolment, bool Approved, string? Rule = null, string? SetBy = null, IReadOnlyList<string>? Tags = null);
