using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>A candidate, or the findings that refuse it. A finding that is not a pass and not a failure is for the operator who approves.</summary>
public sealed record EnrolmentExamination(EnrolmentCandidate? Candidate, IReadOnlyList<Finding> Findings);
