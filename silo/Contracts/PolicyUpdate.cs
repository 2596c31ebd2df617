namespace TrustMesh.Contracts;

/// <summary>New policy; null keeps the value in force. The silo signs it with the next version. Admin.</summary>
/// <param name="Reason">One line, at most 200 characters; it is kept with the version.</param>
public sealed record PolicyUpdate(
    IReadOnlyList<int>? Pcrs = null, int? LifetimeSeconds = null, int? IntervalSeconds = null, IReadOnlyList<string>? Tiers = null,
    bool? ChannelBindingRequired = null, IReadOnlyList<string>? MayChange = null, IReadOnlyList<string>? DeniedFirmware = null, string? UnknownFile = null,
    int? GraceSeconds = null, int? Quorum = null, int? Peers = null, string? Reason = null)
{
    /// <summary>A policy as a draft: of the one in force one that changes nothing, of an earlier one what takes it back.</summary>
    public static PolicyUpdate Of(PolicyView policy) => new(
        policy.Pcrs, policy.LifetimeSeconds, policy.IntervalSeconds, policy.Tiers, policy.ChannelBindingRequired, policy.MayChange, policy.DeniedFirmware, policy.UnknownFile,
        policy.GraceSeconds, policy.Quorum, policy.Peers);
}
