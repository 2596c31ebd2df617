namespace TrustMesh.Contracts;

/// <summary>One line of a because list. <paramref name="Outcome"/>: pass, fail, warn, not-compared, no-policy, no-answer.</summary>
public sealed record Because(string Check, string Claim, string Expected, string Got, string Rule, string Outcome);
