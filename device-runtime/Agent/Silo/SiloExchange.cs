using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Files;
using TrustMesh.Agent.Hosting;
using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Outbox;
using TrustMesh.Agent.Proving;
using TrustMesh.Roots;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Silo;

/// <summary>
/// The device's side of PROTOCOL.md sections 7 and 8 over one connection at a time: enrol, prove, and keep the challenge each receipt brings for
/// the next proof. The silo's question shares its signature with those of peers, and its connection their session key. Of several silos any will do:
/// one that does not is followed by the next at once, and only a whole round without success is a failure. Throws <see cref="SiloException"/> and nothing
/// else that is not a bug or a cancellation.
/// </summary>
/// <param name="sessions">The caller's; disposed of by it.</param>
public sealed class SiloExchange(SiloAddresses silos, ProofBatch proofs, SessionKeys sessions, int measurementPcr, TimeProvider time, ILogger log) : IDisposable
{
    private const string EnrolPath = "/device/v1/enrol", ActivatePath = "/device/v1/enrol/activate", ChallengePath = "/device/v1/challenge", EvidencePath = "/device/v1/evidence", VerdictsPath = "/device/v1/verdicts";

    private readonly Measuring.Attester attester = proofs.Attester;
    private SessionKey? session;
    private SiloConnection? connection;
    private Uri? at;
    private bool wasBusy;
    private (Challenge Challenge, DateTimeOffset Deadline)? held;
    private ReadOnlyMemory<byte> lastNonce;

    /// <summary>The key of the standing connection, null where there is none: what the last accepted evidence vouched for.</summary>
    public SessionKey? Session => session;

    /// <summary>Where the standing connection leads.</summary>
    public Uri? Silo => at;

    /// <summary>The authority's certificate while a connection stands.</summary>
    public X509Certificate2? Authority => connection?.Authority;

    /// <summary>Introduces the device. <paramref name="describe"/> gets the root and the token's secret and builds the request.</summary>
    public Task<(EnrolResult Result, byte[] EnrolmentId)> EnrolAsync(JoinToken token, Func<IRoot, ReadOnlyMemory<byte>, EnrolRequest> describe, CancellationToken stop)
        => AnywhereAsync(async silo =>
        {
            Hang();
            var (channel, key) = await ConnectAsync(silo, token.AuthorityPin, stop);
            var challenge = EnrolChallenge.Decode(await channel.PostAsync(EnrolPath, describe(attester.Root, token.Secret).Encode(), stop));
            var proof = attester.AnswerEnrolment(challenge, key.SpkiHash);
            var result = EnrolResult.Decode(await channel.PostAsync(ActivatePath, new ActivateRequest(challenge.EnrolmentId, proof).Encode(), stop));
            return result.Device == attester.Root.Device
                ? (result, challenge.EnrolmentId.ToArray())
                : throw new SiloException(FailureKind.Misunderstood, "The silo enrolled another device id than this device's.");
        });

    /// <summary>
    /// One proof. A connection left from before may have ended unnoticed; it is replaced once, with a new challenge, before that counts as a failure.
    /// </summary>
    public Task<Receipt> ProveAsync(byte[] authorityPin, CancellationToken stop)
    {
        if (session is not null && !ReferenceEquals(session, sessions.Current))
        {
            // A new key is vouched for anew anyway: once a day is a good time to be where this device belongs.
            Hang();
            silos.Return();
        }
        return AnywhereAsync(async silo =>
        {
            if (at != silo) Hang();
            var reused = connection is not null;
            try
            {
                return await ProveOnceAsync(silo, authorityPin, stop);
            }
            catch (SiloException failed) when (failed.Kind == FailureKind.Unreachable && reused)
            {
                Hang();
                return await ProveOnceAsync(silo, authorityPin, stop);
            }
        });
    }

    /// <summary>
    /// Hands the oldest verdicts that wait to the silo, on the connection on which it accepted evidence (PROTOCOL.md section 17). False: nothing more to do
    /// now, because none wait, there is no such connection, or the silo did not take any.
    /// </summary>
    public Task<bool> UploadAsync(VerdictOutbox outbox, CancellationToken stop)
        => Guard(async () =>
        {
            if (connection is not { } channel || outbox.Next() is not { } upload) return false;
            try
            {
                return outbox.Forget(await DeliverAsync(channel, upload, stop));
            }
            catch (SiloException refused) when (refused.Kind == FailureKind.EvidenceRefused)
            {
                return await GetPastAsync(channel, outbox, stop);
            }
        });

    public void Dispose() => Hang();

    /// <summary>
    /// A verdict in the last upload was refused, and the silo does not say which: those before it were taken, so the first it does not have is it. Only one that is
    /// refused alone is given up.
    /// </summary>
    private static async Task<bool> GetPastAsync(SiloConnection channel, VerdictOutbox outbox, CancellationToken stop)
    {
        if (outbox.Forget(await DeliverAsync(channel, new(outbox.Dropped, [], []), stop))) return true;
        if (outbox.Next() is not { Verdicts: [var suspect, ..] } upload) return false;
        try
        {
            return outbox.Forget(await DeliverAsync(channel, new(upload.Dropped, [upload.Vouchers[suspect.Voucher]], [suspect with { Voucher = 0 }]), stop));
        }
        catch (SiloException refused) when (refused.Kind == FailureKind.EvidenceRefused)
        {
            outbox.GiveUp(suspect, refused.Message);
            return true;
        }
    }

    /// <summary>The first sequence the silo does not have.</summary>
    private static async Task<long> DeliverAsync(SiloConnection channel, VerdictUpload upload, CancellationToken stop)
        => VerdictReceipt.Decode(await channel.PostAsync(VerdictsPath, upload.Encode(), stop)).Next;

    /// <summary>
    /// One silo after another, until one does it or each has failed once. A silo that asks for patience gets it once before the next is troubled:
    /// a fleet that fled at the first word would push the silos over one by one.
    /// </summary>
    private async Task<T> AnywhereAsync<T>(Func<Uri, Task<T>> exchange)
    {
        var failures = new List<(Uri Silo, SiloException Failure)>();
        foreach (var silo in silos.Round())
        {
            try
            {
                var answer = await Guard(() => exchange(silo));
                silos.Keep(silo);
                wasBusy = false;
                foreach (var (passed, failure) in failures) Tell(passed, failure, silo);
                return answer;
            }
            catch (SiloException failed)
            {
                var patience = failed.Kind == FailureKind.Busy && !wasBusy && failures.Count == 0;
                wasBusy = failed.Kind == FailureKind.Busy;
                if (silos.Count == 1 || patience || !failed.ConcernsThisSilo) throw;
                failures.Add((silo, failed));
                silos.Pass(silo);
                Hang();
            }
        }
        throw SiloException.Of([.. failures.Select(one => one.Failure)]);
    }

    /// <summary>Told once a silo was found, so that an outage of all of them is told once by whoever waits for its end.</summary>
    private void Tell(Uri passed, SiloException failure, Uri silo)
    {
        if (failure.Kind == FailureKind.NotOurSilo) log.NotOurSilo(passed.Authority, failure.Message);
        else log.WentOn(passed.Authority, silo.Authority, failure.Message);
    }

    private async Task<Receipt> ProveOnceAsync(Uri silo, byte[] authorityPin, CancellationToken stop)
    {
        var (channel, key) = await ConnectAsync(silo, authorityPin, stop);
        var challenge = held is { } kept && kept.Deadline > time.GetUtcNow() ? kept.Challenge : null;
        held = null;
        challenge ??= Challenge.Decode(await channel.PostAsync(ChallengePath, new ChallengeRequest(attester.Root.Device).Encode(), stop));
        var pcr = attester.Root.Kind == RootKind.Tpm ? measurementPcr : (int?)null;
        if (ChallengeCheck.Problem(challenge, attester.Root.Device, pcr, lastNonce) is { } problem)
            throw new SiloException(FailureKind.Misunderstood, $"The silo's challenge is refused: {problem}.");
        lastNonce = challenge.Nonce;
        var leaf = new ChallengeLeaf(challenge.Nonce, challenge.Challenger, attester.Root.Device, AttesterRole.TlsClient, key.SpkiHash, channel.SiloSpki, channel.BindingType, channel.Binding);
        var evidence = await proofs.AnswerAsync(new(leaf, key, challenge.Bank, challenge.Pcrs, challenge.Boot, challenge.LogCursor), stop);
        var receipt = Receipt.Decode(await channel.PostAsync(EvidencePath, evidence.Encode(), stop));
        if (!receipt.NextChallenge.IsEmpty)
        {
            var next = Challenge.Decode(receipt.NextChallenge);
            held = (next, time.GetUtcNow() + TimeSpan.FromSeconds(Math.Max(0, next.DeadlineSeconds - 1)));
        }
        return receipt;
    }

    private async Task<(SiloConnection, SessionKey)> ConnectAsync(Uri silo, byte[] authorityPin, CancellationToken stop)
    {
        if (connection is null || session is null)
        {
            session = sessions.Current;
            connection = await SiloConnection.OpenAsync(silo, authorityPin, session, time, stop);
            at = silo;
        }
        return (connection, session);
    }

    private void Hang()
    {
        connection?.Dispose();
        (connection, at, session, held, lastNonce) = (null, null, null, null, default);
    }

    /// <summary>The one place where what can go wrong becomes what has to be done. A connection survives what a silo merely turns down: a new
    /// handshake would cost both sides more than the refusal.</summary>
    private async Task<T> Guard<T>(Func<Task<T>> exchange)
    {
        try
        {
            return await exchange();
        }
        catch (SiloException failed)
        {
            if (failed.Kind is FailureKind.Unreachable or FailureKind.NotOurSilo or FailureKind.NotProven or FailureKind.Misunderstood or FailureKind.Local) Hang();
            throw;
        }
        catch (WireException malformed)
        {
            Hang();
            throw new SiloException(FailureKind.Misunderstood, $"The silo's answer is not in the protocol's form: {malformed.Message}.", null, malformed);
        }
        catch (Exception local) when (local is RootException or IOException or StateException)
        {
            Hang();
            throw new SiloException(FailureKind.Local, local.Message, null, local);
        }
    }
}
