using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>
/// Outcome of one appraisal: an explicit conjunction of typed findings (attacks A15, A16). <see cref="Status"/> is affirming only if
/// the complete checklist ran and every finding passed.
/// </summary>
/// <param name="Vector">AR4SI categories (0 instance-identity … 7 sourced-data) to claim values.</param>
/// <param name="Because">Every finding that is not a pass, then a bounded number of passes; what the operator reads.</param>
/// <param name="IssuedAt">Verifier's clock.</param>
/// <param name="ExpiresAt">After this the verdict says nothing (freshness).</param>
public sealed record Verdict(
    TrustTier Status,
    AssuranceTier Tier,
    IReadOnlyDictionary<int, int> Vector,
    string PolicyId,
    long PolicySerial,
    long ReferenceSerial,
    IReadOnlyList<Finding> Because,
    DateTimeOffset IssuedAt,
    DateTimeOffset ExpiresAt);
