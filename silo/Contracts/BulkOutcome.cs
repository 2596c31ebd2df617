namespace TrustMesh.Contracts;

/// <summary>What became, or would become, of one of many devices.</summary>
/// <param name="Outcome">done; would (dry run); already: it is so, by whomever; changed: it is not what was seen, and was left alone; refused: it does not wait, or it cannot have that many tags;
/// forbidden; unknown; failed: send it again.</param>
/// <param name="Why">A sentence; null where there is nothing to say.</param>
/// <param name="Mark">Of what it is now; send it back to decide. Null where it is not known.</param>
/// <param name="Warning">In a dry run: what to look at first, such as that its key was seen before.</param>
public sealed record BulkOutcome(string Id, string Name, string Site, string Outcome, string? Why = null, string? Mark = null, string? Warning = null);
