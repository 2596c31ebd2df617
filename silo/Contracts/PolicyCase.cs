namespace TrustMesh.Contracts;

/// <summary>A device that a draft of a policy would judge otherwise, or that it cannot judge.</summary>
/// <param name="Effect">fails: trusted now, not then; passes: the other way round; changes: another status for the better or worse; unjudged.</param>
/// <param name="Now">affirming, warning, contraindicated or none, by the policy in force; likewise <paramref name="Then"/> by the draft, which is null if unjudged.</param>
/// <param name="Cause">Why, in a few words.</param>
/// <param name="Because">The findings that matter, at most 4.</param>
public sealed record PolicyCase(string Id, string Name, string Site, string Effect, string Now, string? Then, string Cause, IReadOnlyList<Because> Because);
