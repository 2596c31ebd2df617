using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Log;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Twins;

/// <summary>
/// The twin itself: load, decide (<see cref="TwinTransition"/>), save with the expected version, remember, publish, log. It assumes one call at
/// a time and nothing about threads. A save that fails in any way drops what it remembered; the next call loads again. What happened is saved with the
/// state, as lines that the mesh's log is owed, and a call only ends when the log has them: what is acknowledged is in the log, what is saved gets
/// there, and only a crash between the two puts a line there twice. Where the log does not answer the call fails, and the next one pays first.
/// </summary>
public sealed class DeviceTwin(
    DeviceId device, ITwinStore store, Memberships memberships, ResultIssuer results, IMeshLog log, Action<TwinPublication> publish, TimeProvider time) : IDeviceTwin
{
    private TwinState? state;
    private bool loaded, dropped;

    /// <summary>Lines that are kept with the row, and whether the log has them already.</summary>
    private IReadOnlyList<LogLine> owed = [];
    private bool paid;

    /// <summary>Publishes what it loads first: whoever keeps an index learns what it may have missed.</summary>
    public bool Introduces { init => dropped = value; }

    /// <summary>A save failed, or nobody knows whether it did: what it remembered is gone.</summary>
    public bool IsDropped => dropped && !loaded;

    public async Task<TwinState?> ReadAsync(CancellationToken cancellation)
    {
        if (await LoadAsync(cancellation) is not { } before) return null;
        return await ApplyAsync(TwinTransition.Expire(before, time.GetUtcMillisecond()));
    }

    public async Task<TwinState> EnrolAsync(Admission admission, CancellationToken cancellation)
    {
        if (admission.Enrolment.Device != device) throw new ArgumentException($"The enrolment is of {admission.Enrolment.Device}, this twin is {device}.", nameof(admission));
        var before = await LoadAsync(cancellation);
        return await ApplyAsync(WithMembership(TwinTransition.Enrol(before, admission, time.GetUtcMillisecond())));
    }

    public async Task<TwinAnswer?> DecideAsync(StandingDecision decision, CancellationToken cancellation)
    {
        if (await LoadAsync(cancellation) is not { } before) return null;
        var step = TwinTransition.Decide(before, decision, time.GetUtcMillisecond());
        return new(await ApplyAsync(WithMembership(step)), step.Refused);
    }

    public async Task<TwinAnswer?> TagAsync(TagChange change, CancellationToken cancellation)
    {
        if (await LoadAsync(cancellation) is not { } before) return null;
        var step = TwinTransition.Tag(before, change, time.GetUtcMillisecond());
        return new(await ApplyAsync(step), step.Refused);
    }

    public async Task<EvidenceAnswer?> AcceptAsync(VerifiedEvidence evidence, ReadOnlyMemory<byte> sessionKey, CancellationToken cancellation)
    {
        if (await LoadAsync(cancellation) is not { } before) return null;
        var now = time.GetUtcMillisecond();
        var step = WithMembership(TwinTransition.Accept(before, evidence, now));
        var result = results.Issue(evidence, step.State.Standing, now);
        var proof = new TwinProof(evidence.Bytes, evidence.Leaf, sessionKey, result, step.State.Membership, step.State.Enrolment.Model, evidence.Verdict.PolicySerial, evidence.Verdict.ReferenceSerial, now);
        return new(await ApplyAsync(step, proof), result);
    }

    public async Task RefuseAsync(IReadOnlyList<Finding> findings, CancellationToken cancellation)
    {
        if (await LoadAsync(cancellation) is { } before) await ApplyAsync(TwinTransition.Refuse(before, findings, time.GetUtcMillisecond()));
    }

    public async Task<TwinState?> HearAsync(PeerNews news, CancellationToken cancellation)
        => await LoadAsync(cancellation) is { } before ? await ApplyAsync(TwinTransition.Hear(before, news, time.GetUtcMillisecond())) : null;

    private async Task<TwinState?> LoadAsync(CancellationToken cancellation)
    {
        if (!loaded) await ReadRowAsync(cancellation);
        await PayAsync();
        return state;
    }

    private async Task ReadRowAsync(CancellationToken cancellation)
    {
        var row = await store.LoadAsync(device, cancellation);
        try
        {
            state = row is null ? null : TwinStateCodec.Decode(row.State, row.Version);
            (owed, paid) = (row is null ? [] : LogLines.Unpack(row.Unlogged), false);
        }
        catch (WireException unreadable)
        {
            throw new UnreadableTwinException(device, unreadable);
        }
        if (state is not null && state.Enrolment.Device != device) throw new UnreadableTwinException(device, new("device", 0, $"the row is of {state.Enrolment.Device}"));
        loaded = true;
        // A save whose outcome was unknown may have happened: the directory learns it here.
        if (dropped && state is not null) publish(new(state, []));
        dropped = false;
    }

    /// <summary>The log gets what it is owed, then the row lets it go. Nobody may cancel that: the next call would not know how far it came.</summary>
    private async Task PayAsync()
    {
        if (owed.Count == 0) return;
        if (!paid) await log.AppendAsync(owed, CancellationToken.None);
        paid = true;
        await store.LoggedAsync(device, state!.Version, CancellationToken.None);
        owed = [];
    }

    /// <summary>An active device has a membership that lasts; it is renewed in its last half.</summary>
    private TwinStep WithMembership(TwinStep step)
    {
        var now = time.GetUtcMillisecond();
        if (!step.Changed || step.State.Standing != Standing.Active || !memberships.IsDue(step.State, now)) return step;
        var (statement, until) = memberships.Issue(step.State.Enrolment, now);
        return step with { State = step.State with { Membership = statement, MembershipUntil = until } };
    }

    private async Task<TwinState> ApplyAsync(TwinStep step, TwinProof? proof = null)
    {
        if (!step.Changed) return step.State;
        var expected = state?.Version ?? 0;
        var after = step.State with { Version = expected + 1 };
        // Whatever was owed before is paid: loading did that.
        var lines = LogLines.Of(after, step.Events);
        var write = new TwinWrite(
            device, expected, TwinStateCodec.Encode(step.State), proof is null ? (ReadOnlyMemory<byte>?)null : proof.Encode(), step.Log, lines.Count == 0 ? default : LogLines.Pack(lines));
        // From here on nobody may cancel: a half-heard save is an unknown outcome. Until the store says yes, nothing is remembered.
        (state, loaded, dropped) = (null, false, true);
        await store.SaveAsync(write, CancellationToken.None);
        (state, loaded, dropped) = (after, true, false);
        (owed, paid) = (lines, false);
        publish(new(after, step.Events));
        await PayAsync();
        return after;
    }
}
