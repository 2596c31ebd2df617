namespace TrustMesh.Contracts;

/// <summary>What becomes of one device of an act.</summary>
/// <param name="Outcome">waiting; revoked; already (before this act); changed (is not what it was when it was planned, and was left as it is); refused; failed (send it again).</param>
/// <param name="Why">A sentence, where it was not done.</param>
public sealed record RevocationTarget(string Id, string Name, string Site, string Mark, string Outcome, string? Why);
