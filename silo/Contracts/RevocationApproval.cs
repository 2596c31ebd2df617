namespace TrustMesh.Contracts;

/// <summary>A second person's yes.</summary>
/// <param name="Digest">Of the request that was looked at.</param>
/// <param name="Reason">One line of at most 200 characters; may be left out.</param>
public sealed record RevocationApproval(string Digest, string? Reason = null);
