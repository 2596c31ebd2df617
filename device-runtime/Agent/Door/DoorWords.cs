using System.Globalization;
using TrustMesh.Agent.Peers;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Door;

/// <summary>What this device holds true about a peer, in the words of DOOR.md. A pure function of the peer and the clock.</summary>
internal static class DoorWords
{
    public static DoorPeer Peer(KnownPeer peer, DateTimeOffset now)
        => new(peer.Device.Text, peer.Name, peer.Site, peer.IsAccepted(now), Verdict(peer, now), TierOf(peer), Time(peer.JudgedAt), Time(peer.ExpiresAt), Address(peer), Reason(peer, now));

    /// <summary>Nobody is allowed for being unknown.</summary>
    public static DoorPeer Unknown(string asked)
        => new(null, null, null, false, "unknown", null, null, null, null, NotKnown(asked));

    public static DoorDetail Detail(KnownPeer peer, DateTimeOffset now)
        => new(peer.Device.Text, peer.Name, peer.Site, peer.IsAccepted(now), Verdict(peer, now), TierOf(peer), Time(peer.JudgedAt), Time(peer.ExpiresAt), Address(peer), Reason(peer, now),
            peer.Model, peer.Assigned, peer.Addresses, peer.Passed, peer.NonceAgeMs, [.. peer.Because.Select(Finding)]);

    public static DoorDetail UnknownDetail(string asked)
        => new(null, null, null, false, "unknown", null, null, null, null, NotKnown(asked), null, false, [], 0, 0, []);

    /// <summary>UTC, whole seconds, never later than it is.</summary>
    public static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Tier(AssuranceTier tier) => tier switch
    {
        AssuranceTier.TpmQuote => "tpm-quote",
        AssuranceTier.HardwareKey => "hardware-key",
        AssuranceTier.Guardian => "guardian",
        _ => "software",
    };

    private static string NotKnown(string asked) => $"No peer, or more than one, is known as {asked}; an address is known once a peer has proved itself from it. See: trustmesh-agent peer list";

    private static string Verdict(KnownPeer peer, DateTimeOffset now) => peer switch
    {
        { JudgedAt: null } => "unknown",
        { Status: TrustTier.Affirming or TrustTier.Warning } when !peer.IsAccepted(now) => "expired",
        { Status: TrustTier.Affirming } => "affirming",
        { Status: TrustTier.Warning } => "warning",
        { Status: TrustTier.Contraindicated } => "contraindicated",
        _ => "none",
    };

    private static string? Reason(KnownPeer peer, DateTimeOffset now) => Verdict(peer, now) switch
    {
        "affirming" => null,
        "unknown" => "This device has not examined it yet.",
        "expired" => $"It has not proved itself again since its verdict ran out at {Time(peer.ExpiresAt)}.",
        _ => peer.Because.FirstOrDefault() is { } first ? $"{first.Check} {first.Claim}: expected {first.Expected}, got {first.Got}." : "No finding says why.",
    };

    private static string? TierOf(KnownPeer peer) => peer.JudgedAt is null ? null : Tier(peer.Tier);

    private static string? Address(KnownPeer peer) => peer.SeenAt?.ToString() ?? peer.Addresses.FirstOrDefault();

    private static DoorFinding Finding(Finding finding) => new(finding.Check, finding.Claim, finding.Expected, finding.Got, finding.Rule, finding.Outcome switch
    {
        Outcome.Pass => "pass",
        Outcome.Fail => "fail",
        Outcome.Warn => "warn",
        Outcome.NotCompared => "not-compared",
        Outcome.NoPolicy => "no-policy",
        _ => "no-answer",
    });
}
