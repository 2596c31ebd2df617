namespace TrustMesh.Trust.Authority;

/// <inheritdoc cref="Contracts.PolicyVersion"/>
internal sealed record StoredPolicyVersion(long Serial, DateTimeOffset At, string By, string? Why);
