using System.Collections.Immutable;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Twins;

/// <summary>
/// Everything the mesh holds true about one device. Immutable; <see cref="TwinTransition"/> makes the next one. The evidence behind the
/// verdict is kept apart (<see cref="TwinProof"/>): it is large and read rarely.
/// </summary>
/// <param name="Membership">The authority's signed statement; empty unless the device is active.</param>
/// <param name="MembershipUntil">When that statement expires; of a device that enrolled again and waits for approval, when the one its former enrolment
/// had does; else the Unix epoch.</param>
/// <param name="Verdict">Of the last accepted evidence; null before the first.</param>
/// <param name="Software">Name and version the device gave in that evidence.</param>
/// <param name="StaleNoted">The expiry of <paramref name="Verdict"/> is already in the timeline.</param>
/// <param name="Timeline">Oldest first, at most <see cref="TimelineLength"/>.</param>
/// <param name="Version">Of the stored row; 1 is the first.</param>
public sealed record TwinState(
    Enrolment Enrolment,
    Standing Standing,
    ReadOnlyMemory<byte> Membership,
    DateTimeOffset MembershipUntil,
    Verdict? Verdict,
    AttesterState Attester,
    string? Software,
    bool StaleNoted,
    ImmutableArray<TwinEvent> Timeline,
    long Version)
{
    /// <summary>Lines of the timeline that are kept.</summary>
    public const int TimelineLength = 64;

    /// <summary>Set by people, at most <see cref="Contracts.DeviceTags.Most"/>, each once, in alphabetical order.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>
    /// Registers (PCRs, 32 bytes each) as the last accepted evidence quoted them, ascending, at most 24, without the one of the measurements. Empty for a root without
    /// them and where the policy asks for no others.
    /// </summary>
    public ImmutableArray<PcrValue> Registers { get; init; } = [];

    /// <summary>The verdict still counts at <paramref name="now"/>.</summary>
    public bool IsFresh(DateTimeOffset now) => Verdict is { } verdict && now < verdict.ExpiresAt;

    /// <summary>It waits for approval, and a membership of its former enrolment is out there that peers would still accept (attacks A12, A13).</summary>
    public bool HasFormerMembership => Standing == Standing.Pending && MembershipUntil > DateTimeOffset.UnixEpoch;

    /// <summary>When the twin has something to do by itself; null if nothing is due.</summary>
    public DateTimeOffset? DueAt => Verdict is { } verdict && !StaleNoted && Standing != Standing.Revoked ? verdict.ExpiresAt : null;
}
