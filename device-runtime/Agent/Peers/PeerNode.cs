using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Configuration;
using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Proving;
using TrustMesh.Agent.Statements;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Peers;

/// <summary>
/// This device among its peers: listens for them, examines them when it is time, keeps <see cref="PeerBook"/> true. It needs no silo: what it was told
/// last, and what peers bring, is enough for as long as policy allows. Thread-safe.
/// </summary>
public sealed class PeerNode : IDisposable
{
    /// <summary>Examinations in a row without an answer after which a good verdict no longer stands; one may be a cable.</summary>
    public const int Patience = 2;

    /// <summary>A peer that was only met and is not there any more is not called for ever.</summary>
    private const int MostFailuresOfMet = 10;

    private readonly MeshStatements statements;
    private readonly PeerBook book;
    private readonly SessionKeys sessions;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly PeerMembers members;
    private readonly PeerJudge judge;
    private readonly PeerLedger ledger;
    private readonly PeerEncounters encounters;
    private readonly PeerDialer dialer;
    private readonly PeerSchedule schedule;
    private readonly PeerListener? listener;
    private readonly MessageBudget budget;
    private readonly TokenBuckets<IPAddress> lines;
    private readonly Repetitions repetitions;
    private readonly PeerStanding standing;

    /// <summary>Listens from now on, if it is told to; answers with <see cref="RunAsync"/>. Throws <see cref="IOException"/> if the address is taken.</summary>
    /// <param name="record">Gives a verdict its sequence, signs it with the session key (<see cref="PeerVerdict.Typ"/>) and keeps it; returns the COSE_Sign1. Throws <see cref="IOException"/>.</param>
    public PeerNode(PeerSettings settings, DeviceId self, MeshStatements statements, PeerBook book, ProofBatch proofs, SessionKeys sessions,
        Func<Func<long, PeerVerdict>, SessionKey, byte[]> record, TimeProvider time, ILogger log, PeerLimits? limits = null)
    {
        limits ??= PeerLimits.Default;
        (this.statements, this.book, this.sessions, this.time, this.log) = (statements, book, sessions, time, log);
        var history = new PeerHistory(time);
        budget = new(limits.MessageBytes);
        members = new(statements);
        judge = new(self, statements, history);
        repetitions = new(time);
        ledger = new(book, record, repetitions, log);
        encounters = new(new(self, statements, proofs, members, history, judge, ledger, new(limits.DeviceRate, limits.DeviceRate * 8, time), time));
        dialer = new(encounters, sessions, budget, time);
        schedule = new(ExamineDueAsync, limits.Outgoing, time);
        lines = new(1, 10, time);
        standing = new(self, statements, book, members, judge, ledger, sessions, schedule, time, log);
        var known = new KnownAddresses(book, time);
        listener = settings.Listen is { } at ? new(at, new(limits, known.Has, time), log) : null;
    }

    /// <summary>An identity that two machines have (A48): the peer, and the finding that says so. On the thread that found out; handlers must be quick.</summary>
    public event Action<KnownPeer, Finding>? Alarmed
    {
        add => ledger.Alarmed += value;
        remove => ledger.Alarmed -= value;
    }

    /// <summary>Where it listens, with the port the system chose if the settings said 0; null where it does not.</summary>
    public IPEndPoint? Listening => listener?.Address;

    /// <summary>The status list says that this device is put out: nobody answers it, and it knows.</summary>
    private bool IsPutOut => statements.Membership is { } own && statements.StatusOf(own) is StatusValue.Invalid or StatusValue.Suspended;

    private TimeSpan Interval => statements.Policy is { } policy ? TimeSpan.FromSeconds(policy.Policy.IntervalSeconds) : PeerTiming.Unruled;

    /// <summary>Answers and examines peers until cancelled, and ends then.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        statements.Changed += OnStatements;
        try
        {
            OnStatements();
            // One that ended by a fault takes the other with it: a device that half works looks like one that works.
            using var both = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var scheduling = ScheduleAsync(both.Token);
            var listening = listener?.RunAsync(socket => ServeAsync(socket, both.Token), both.Token) ?? scheduling;
            await Task.WhenAny(listening, scheduling);
            await both.CancelAsync();
            await Task.WhenAll(listening, scheduling);
        }
        finally
        {
            statements.Changed -= OnStatements;
        }
    }

    /// <summary>This device's own measurements changed: everyone who judges by the old ones is shown the new ones at once.</summary>
    public void OnMeasured() => schedule.AllNow();

    /// <summary>An operator wants these examined now. Only those that are examined anyway are: a silo can not point a device at others (attack A46).</summary>
    public void ExamineSoon(IEnumerable<DeviceId> devices)
    {
        foreach (var device in devices) schedule.Now(device);
    }

    /// <summary>Statements of the authority changed; <see cref="RunAsync"/> hears of that itself.</summary>
    public void OnStatements() => standing.Follow();

    /// <summary>Examines a peer of the book now. What comes of it is in what is returned; a peer that gives no answer is one about whom nothing is known.</summary>
    /// <exception cref="PeerException">The device is not in the book.</exception>
    public async Task<KnownPeer> ExamineAsync(DeviceId device, CancellationToken stop)
    {
        if (book.Find(device) is not { } peer) throw new PeerException($"{device.Short}… is no peer of this device; name the address at which it listens.");
        var encounter = await dialer.CallAsync(device, AddressesOf(peer), stop);
        Finish(peer, encounter, failures: Patience);
        return book.Find(device) ?? peer;
    }

    /// <summary>Examines whoever answers at an address now: <c>host</c> or <c>host:port</c>, or how the book knows a peer.</summary>
    /// <exception cref="PeerException">Nobody answered, or not as a peer; the message says why.</exception>
    public async Task<KnownPeer> ExamineAsync(string target, CancellationToken stop)
    {
        if (book.Find(target) is { } known) return await ExamineAsync(known.Device, stop);
        var address = PeerAddress.WithPort(target) ?? throw new PeerException($"'{target}' is no peer of this device, and no host or host:port either.");
        var encounter = await dialer.CallAsync(null, [address], stop);
        if (encounter.Judgement is not { } judgement || book.Find(judgement.Verdict.Subject) is not { } met) throw new PeerException($"{address}: {encounter.Reason.TrimEnd('.')}.");
        Plan(judgement, 1);
        return met;
    }

    public void Dispose() => listener?.Dispose();

    private async Task ScheduleAsync(CancellationToken stop)
    {
        try
        {
            await schedule.RunAsync(standing.Tick, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await schedule.IdleAsync();
        }
    }

    private async Task<(DateTimeOffset, bool)> ExamineDueAsync(DeviceId device, int failures, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (book.Find(device) is not { } peer || !peer.Assigned && failures >= MostFailuresOfMet)
        {
            schedule.Remove(device);
            return (now + Interval, true);
        }
        // Whom the authority put out is not called: it gets nothing from this device, not even its evidence.
        if (members.Find(device) is { } member && judge.Refused(member) is not null) return (now + Interval, true);
        try
        {
            var encounter = await dialer.CallAsync(device, AddressesOf(peer), stop);
            Finish(peer, encounter, failures + 1);
            now = time.GetUtcNow();
            return encounter.Judgement is { } judgement
                ? (PeerTiming.AfterVerdict(now, Interval, DateTimeOffset.FromUnixTimeSeconds(judgement.Verdict.ExpiresAt), Random.Shared.NextDouble()), true)
                : (Retry(failures + 1), false);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            // One peer must not end the examination of all others, whatever it made fail.
            log.Failed($"{failed.GetType().Name}: {failed.Message}");
            return (Retry(failures + 1), false);
        }
    }

    /// <summary>Where a peer may listen. One that only ever dialled this device is tried where it came from, at the usual port.</summary>
    private static IReadOnlyList<string> AddressesOf(KnownPeer peer)
        => peer.Addresses.Count > 0 ? peer.Addresses
            : peer.SeenAt is { } seen && PeerAddress.WithPort(seen.ToString()) is { } address ? [address]
            : [];

    private void Finish(KnownPeer peer, PeerEncounter encounter, int failures)
    {
        if (encounter.Judgement is { } judgement)
        {
            Plan(judgement, 1);
            return;
        }
        standing.NoAnswer(peer, encounter.Reason, failures);
        schedule.Failed(peer.Device, Retry(failures));
    }

    private DateTimeOffset Retry(int failures)
        => IsPutOut ? time.GetUtcNow() + PeerTiming.PutOut : PeerTiming.AfterFailure(time.GetUtcNow(), Interval, failures, Random.Shared.NextDouble());

    private void Plan(PeerJudgement judgement, double patience)
    {
        var due = PeerTiming.AfterVerdict(time.GetUtcNow(), Interval * patience, DateTimeOffset.FromUnixTimeSeconds(judgement.Verdict.ExpiresAt), Random.Shared.NextDouble());
        schedule.Add(judgement.Verdict.Subject, due);
        schedule.Judged(judgement.Verdict.Subject, due);
    }

    private async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        try
        {
            await using var channel = await PeerChannel.AcceptAsync(socket, sessions.Current, budget, time, stop);
            var encounter = await encounters.AnswerAsync(channel, began, stop);
            if (encounter.Judgement is { Authentic: true } judgement) Plan(judgement, 1.3);
            if (encounter.End is HandshakeEnd.Refused or HandshakeEnd.RefusedByPeer || encounter is { End: HandshakeEnd.Declined, Judgement.Authentic: false }) Tell(encounter, channel.Remote);
        }
        catch (PeerException broken)
        {
            log.NoTls(broken.Message);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The agent ends.
        }
        catch (Exception failed)
        {
            // One connection must not take the listener with it, whatever it made fail.
            log.Failed($"{failed.GetType().Name}: {failed.Message}");
        }
    }

    /// <summary>A stranger must not be able to fill the log, nor a device that is refused and knocks all day.</summary>
    private void Tell(PeerEncounter encounter, IPAddress at)
    {
        if (repetitions.Again(encounter.Device?.Text ?? at.ToString(), encounter.Reason) is not { } again || !lines.TryTake(at)) return;
        var name = encounter.Device is not { } device ? "somebody" : book.Find(device) is { } peer ? PeerLedger.Name(peer) : device.Short + "…";
        if (encounter.End == HandshakeEnd.RefusedByPeer) log.NoAnswer(name, encounter.Reason, again);
        else log.Refused(name, at.ToString(), encounter.Reason, again);
    }
}
