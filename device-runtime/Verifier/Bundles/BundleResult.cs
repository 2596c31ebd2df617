using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>What an auditor finds in a bundle.</summary>
/// <param name="Repeated">The evidence, verified again from scratch; null if anything of the bundle does not hold, and then <paramref name="Findings"/>
/// says what. A contraindicated verdict that can be repeated holds.</param>
/// <param name="Stored">What the silo said at the time, if its signature holds.</param>
public sealed record BundleResult(VerifiedEvidence? Repeated, AttestationResult? Stored, IReadOnlyList<Finding> Findings);
