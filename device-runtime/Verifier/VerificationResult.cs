using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>Either <see cref="Verified"/> evidence, or the findings that refused it. Refused evidence changes nothing.</summary>
public sealed record VerificationResult(VerifiedEvidence? Verified, IReadOnlyList<Finding> Findings);
