using TrustMesh.Contracts;

namespace TrustMesh.Trust.Revoking;

/// <summary>A request as it is kept; its devices are in a row of their own, so that a list of requests stays small.</summary>
/// <param name="State">One of <see cref="RequestStates"/> but expired, which is a matter of the clock.</param>
/// <param name="Told">The log has the line of what happened last.</param>
internal sealed record StoredRequest(
    string Id, string State, string Digest, int Devices, IReadOnlyList<string> Sites, string Reason, string By, DateTimeOffset At, DateTimeOffset ExpiresAt,
    string? DecidedBy = null, DateTimeOffset? DecidedAt = null, string? Note = null, int? Revoked = null, int? Failed = null, bool Told = false)
{
    /// <summary>Nobody but the one who asked was needed.</summary>
    internal bool IsAlone => DecidedBy == By;

    internal bool IsExpired(DateTimeOffset now) => State == RequestStates.Waiting && now >= ExpiresAt;

    internal RevocationRequest View(DateTimeOffset now)
        => new(Id, IsExpired(now) ? RequestStates.Expired : State, Digest, Devices, Sites, Reason, By, At, ExpiresAt, DecidedBy, DecidedAt, Note, Revoked, Failed);
}
