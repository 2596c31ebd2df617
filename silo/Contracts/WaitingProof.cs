namespace TrustMesh.Contracts;

/// <summary>What a device that waits has proven last, held against what counts today: what an approver would let in.</summary>
/// <param name="ProvenAt">When the silo accepted that evidence.</param>
/// <param name="ExpiresAt">Until when the verdict of it counts.</param>
/// <param name="Policy">Number of the policy in force, which it is tried by.</param>
/// <param name="References">Number of the reference values of its model; null: there are none yet, and it would be the first.</param>
/// <param name="Status">What that policy says of it: affirming, warning, contraindicated, none; null where it cannot be judged, and <paramref name="Unjudged"/> says why.</param>
/// <param name="Because">What did not pass, at most 20, those that failed first.</param>
/// <param name="Good">Measured files that are as reference values have them, or that the policy lets change.</param>
/// <param name="Unknown">Of which reference values know nothing.</param>
/// <param name="Different">Of which they accept other values, or that the device has not and they do.</param>
/// <param name="Files">Those that differ, then the unknown ones, at most 100.</param>
/// <param name="Registers">All that were quoted, by number.</param>
public sealed record WaitingProof(
    DateTimeOffset ProvenAt, DateTimeOffset ExpiresAt, long Policy, long? References, string? Status, string? Unjudged, IReadOnlyList<Because> Because,
    int Good, int Unknown, int Different, IReadOnlyList<Measurement> Files, IReadOnlyList<RegisterMeasurement> Registers);
