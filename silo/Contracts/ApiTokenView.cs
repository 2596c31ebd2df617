namespace TrustMesh.Contracts;

/// <summary>An API token, without its text. One that has ended stays for 30 days, so that whoever wonders why something stopped finds it.</summary>
/// <param name="State">active; expired, revoked; stopped: who made it is disabled or off the list; unreadable: its stored row is damaged, it lets nobody in, and revoking removes it.</param>
/// <param name="Grants">What it may do; none where it is unreadable, likewise the others, which are null then.</param>
/// <param name="UsedAt">When it was last used, to the hour; null for never.</param>
/// <param name="RevokedBy">With <paramref name="RevokedAt"/>; null if nobody did.</param>
public sealed record ApiTokenView(
    string Name, string State, IReadOnlyList<Grant> Grants, DateTimeOffset? CreatedAt, string? CreatedBy, DateTimeOffset? ExpiresAt, DateTimeOffset? UsedAt = null,
    DateTimeOffset? RevokedAt = null, string? RevokedBy = null)
{
    /// <summary>States, as they are written.</summary>
    public const string Active = "active", Expired = "expired", Revoked = "revoked", Stopped = "stopped", Unreadable = "unreadable";

    /// <summary>How long before its end a token is shown as one that ends.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    /// <summary>It still counts, and will not for long.</summary>
    public bool EndsSoon(DateTimeOffset now) => State == Active && ExpiresAt - now <= Soon;
}
