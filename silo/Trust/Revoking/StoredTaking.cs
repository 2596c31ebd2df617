namespace TrustMesh.Trust.Revoking;

/// <summary>So many devices at once.</summary>
internal sealed record StoredTaking(DateTimeOffset At, int Count);
