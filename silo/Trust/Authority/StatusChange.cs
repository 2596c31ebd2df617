using TrustMesh.Contracts;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Authority;

/// <summary>What one status list says of a device that the one before did not.</summary>
/// <param name="Standing">Revoked or suspended; active for a device that is no longer listed.</param>
/// <param name="Index">Its place in the list.</param>
/// <param name="At">When it was decided; likewise <paramref name="Actor"/> and <paramref name="Reason"/>, which may be empty.</param>
/// <param name="Version">Of the twin that says so; 0 where a silo of before, which did not tell, says it.</param>
public sealed record StatusChange(DeviceId Device, string Name, Standing Standing, long Index, DateTimeOffset At, string Actor, string Reason, long Version = 0)
{
    private static readonly EventKind[] PutOut = [EventKind.Revoked, EventKind.Suspended], PutIn = [EventKind.Resumed, EventKind.Approved, EventKind.Enrolled];

    /// <summary>What the list has to say of a device. A new one that is pending has no membership that a list could take back; one that was in and enrolled
    /// again has, and counts as suspended until somebody approved what it is now.</summary>
    public static Standing StandingOf(TwinState state)
        => state.Standing is Standing.Revoked or Standing.Suspended ? state.Standing : state.HasFormerMembership ? Standing.Suspended : Standing.Active;

    /// <summary>The same with who decided it and why: the last such line of its timeline.</summary>
    public static StatusChange Of(TwinState state, DateTimeOffset now)
    {
        var kinds = state.Standing is Standing.Revoked or Standing.Suspended ? PutOut : PutIn;
        var line = state.Timeline.LastOrDefault(line => kinds.Contains(line.Kind)) ?? new(now, EventKind.Revocation, "", TwinEvent.Clock);
        return new(state.Enrolment.Device, state.Enrolment.Name, StandingOf(state), state.Enrolment.StatusIndex, line.At, line.Actor, line.Text, state.Version);
    }

    /// <summary>For operators, as one who is on a list.</summary>
    /// <param name="since">Serial of the first list that said so.</param>
    public RevokedDevice Listed(long since) => new(Device.Text, Name, TwinTransition.Text(Standing), Index, since, At, Reason.Length == 0 ? null : Reason);

    /// <summary>For operators, as what a list changed.</summary>
    public RevocationChange View() => new(Device.Text, Name, TwinTransition.Text(Standing), Index, At, Actor, Reason.Length == 0 ? null : Reason);

    /// <summary>As a line of events tells it: "revoked sensor-1: stolen".</summary>
    public string Words => $"{(Standing == Standing.Active ? "resumed" : TwinTransition.Text(Standing))} {Name}{(Reason.Length == 0 ? "" : $": {Reason}")}";
}
