using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Trust.Measured;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Directory;

/// <summary>What the directory keeps of each device in memory, all the time: a line of a list, a node of the graph. Nothing else of an idle
/// device is resident.</summary>
public sealed record DeviceEntry(
    DeviceId Device, string Name, string Site, string Model, AssuranceTier Tier, Standing Standing, TrustTier Status,
    DateTimeOffset? ProvenAt, DateTimeOffset? ExpiresAt, DateTimeOffset EnrolledAt, DateTimeOffset? DueAt, long Version)
{
    /// <summary>Since when the silo says of the device what it says now, as far as is known; null before the first verdict.</summary>
    public DateTimeOffset? StatusSince { get; init; }

    /// <summary>Of its TPM, from its last proof; null without one.</summary>
    public string? Firmware { get; init; }

    /// <summary>Name and version of its runtime, from its last proof.</summary>
    public string? Agent { get; init; }

    /// <summary>Number of the policy it was judged by last.</summary>
    public long? Policy { get; init; }

    /// <summary>The first claim its verdict faults, such as <c>PCR 7</c>; null where it faults none.</summary>
    public string? Fault { get; init; }

    /// <summary>In alphabetical order.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>What it measured, for counting (<see cref="MeasuredKeys"/>).</summary>
    public ReadOnlyMemory<byte> Measured { get; init; }

    public static DeviceEntry Of(TwinState state)
    {
        var enrolment = state.Enrolment;
        return new(
            enrolment.Device, enrolment.Name, string.Intern(enrolment.Site), string.Intern(enrolment.Model), enrolment.Tier, state.Standing,
            state.Verdict?.Status ?? TrustTier.None, state.Verdict?.IssuedAt, state.Verdict?.ExpiresAt, enrolment.At, state.DueAt, state.Version)
        {
            // A line is written whenever the verdict changes or comes back; without one it is as old as the last proof.
            StatusSince = state.Timeline.LastOrDefault(line => line.Kind == EventKind.Verdict)?.At ?? state.Verdict?.IssuedAt,
            Firmware = state.Verdict is not null && enrolment.Root == RootKind.Tpm ? $"{state.Attester.FirmwareVersion:x16}" : null,
            Agent = state.Software,
            Policy = state.Verdict?.PolicySerial,
            Fault = state.Verdict is { Status: not TrustTier.Affirming } verdict ? FaultOf(verdict.Because) : null,
            Measured = MeasuredKeys.Of(state.Attester.Current, state.Registers),
            Tags = state.Tags.IsEmpty ? [] : [.. state.Tags],
        };
    }

    /// <summary>Null where there are none: nobody is sent an empty list for each device.</summary>
    private IReadOnlyList<string>? Labels => Tags.Count == 0 ? null : Tags;

    private static string? FaultOf(IReadOnlyList<Finding> because)
        => (because.FirstOrDefault(finding => finding.Outcome == Outcome.Fail) ?? because.FirstOrDefault(finding => finding.Outcome != Outcome.Pass))?.Claim;

    /// <summary>Without what only lists and counts need: for whoever keeps many of them for something else. No property: it is no part of what is sent.</summary>
    public DeviceEntry Brief() => this with { Tags = [], Measured = default };

    public bool IsFresh(DateTimeOffset now) => ExpiresAt is { } until && now < until;

    public string Look(DateTimeOffset now) => Looks.Of(TwinTransition.Text(Standing), TwinTransition.Text(Status), IsFresh(now));

    public DeviceSummary Summary(DateTimeOffset now)
        => new(Device.Text, Name, Site, Model, Tiers.Text(Tier), TwinTransition.Text(Standing), TwinTransition.Text(Status), IsFresh(now), Look(now), ProvenAt, ExpiresAt, EnrolledAt, Version,
            StatusSince, Firmware, Agent, Policy, Labels);

    public GraphNode Node(DateTimeOffset now)
        => new(Device.Text, Name, "device", Site, Model, Tiers.Text(Tier), TwinTransition.Text(Standing), TwinTransition.Text(Status), IsFresh(now), Look(now), ProvenAt, ExpiresAt,
            StatusSince, EnrolledAt, Firmware, Agent, Policy, Labels);

    /// <summary>What a query can ask of it.</summary>
    public DeviceFacts Facts(DateTimeOffset now)
        => new(
            Device.Text, Name, Site, Model, Tiers.Text(Tier), TwinTransition.Text(Standing), Look(now), ProvenAt, ExpiresAt, StatusSince, EnrolledAt, Firmware, Agent, Policy, Tags);

    /// <summary>The silo's judgement of the device; null before the first.</summary>
    public GraphEdge? Edge(string silo, DateTimeOffset now)
        => ProvenAt is null ? null : new(silo, Device.Text, TwinTransition.Text(Status), IsFresh(now), ProvenAt, ExpiresAt);
}
