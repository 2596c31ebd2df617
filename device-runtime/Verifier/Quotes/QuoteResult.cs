using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>One finding for each step of the checklist, in its order, and the quote if all of them passed.</summary>
public sealed record QuoteResult(VerifiedQuote? Quote, IReadOnlyList<Finding> Findings);
