namespace TrustMesh.Contracts;

/// <summary>What a revocation would do (API.md, Revoking many): whom it takes out, and what that costs the others. Nothing happens by asking.</summary>
/// <param name="Digest">Of exactly these devices as they are; hex SHA-256. What is sent with it is about them and nobody else.</param>
/// <param name="Yours">The devices are those the caller may revoke. False: the caller may revoke none of them, and the plan shows what somebody else would do.</param>
/// <param name="Devices">By name; at most 1,000.</param>
/// <param name="Already">Devices that were meant and are revoked already.</param>
/// <param name="Beyond">Devices that were meant and are not the caller's to revoke, the first 100 by name; <paramref name="BeyondTotal"/> says how many there are.</param>
/// <param name="Hits">Devices that lose examiners, the worst first, at most 500; the three counts are over all, each device counted once, as the worst.</param>
/// <param name="Alone">Lose the only examiners they have.</param>
/// <param name="BelowPromise">Keep one where the assignment promises <paramref name="Promised"/>.</param>
/// <param name="BelowQuorum">Keep fewer than <paramref name="Quorum"/>.</param>
/// <param name="Sites">Every site that loses a device or has a hit one, by name.</param>
/// <param name="Quorum">Of the policy: so many examiners that say the same suspend a device; 0: never.</param>
/// <param name="Promised">Examiners the assignment gives every device wherever there are enough devices.</param>
/// <param name="SecondPerson">Why this would wait for a second person; null if it would not.</param>
public sealed record RevocationPlan(
    string Digest, DateTimeOffset At, bool Yours, IReadOnlyList<PlannedDevice> Devices, int Already, IReadOnlyList<PlanBeyond> Beyond, int BeyondTotal,
    IReadOnlyList<PlanHit> Hits, int Alone, int BelowPromise, int BelowQuorum, IReadOnlyList<PlanSite> Sites, int Quorum, int Promised, string? SecondPerson);
