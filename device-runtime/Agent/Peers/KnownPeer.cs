using System.Net;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Peers;

/// <summary>What this device holds true about one peer; immutable.</summary>
/// <param name="Assigned">The silo asked this device to examine it; else they met.</param>
/// <param name="Addresses">Where it listens, <c>host:port</c>.</param>
/// <param name="SeenAt">The address it was last spoken with at; null before the first handshake.</param>
/// <param name="Status">This device's verdict; none before the first.</param>
/// <param name="JudgedAt">When that verdict was made; null before the first.</param>
/// <param name="ExpiresAt">When it stops counting.</param>
/// <param name="Because">Findings that are not a pass.</param>
public sealed record KnownPeer(
    DeviceId Device,
    string Name,
    string Site,
    string Model,
    bool Assigned,
    IReadOnlyList<string> Addresses,
    IPAddress? SeenAt,
    AssuranceTier Tier,
    TrustTier Status,
    DateTimeOffset? JudgedAt,
    DateTimeOffset? ExpiresAt,
    IReadOnlyList<Finding> Because,
    int Passed,
    long NonceAgeMs)
{
    /// <summary>What the verdict rests on; null before the first.</summary>
    public PeerBasis? Basis { get; init; }

    /// <summary>An application may talk to it: judged affirming or warning, and the judgement still counts (attack A22).</summary>
    public bool IsAccepted(DateTimeOffset now) => Status is TrustTier.Affirming or TrustTier.Warning && ExpiresAt is { } until && now < until;
}
