namespace TrustMesh.Trust.Authority;

/// <summary>Who had the last policies signed, and why: newest first. What they say is in rows of their own.</summary>
internal sealed record StoredPolicyVersions(IReadOnlyList<StoredPolicyVersion> Versions);
