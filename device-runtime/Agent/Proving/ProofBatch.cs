using System.Security.Cryptography;
using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Measuring;
using TrustMesh.Wire.Merkle;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Agent.Proving;

/// <summary>
/// Answers every question that waits for this device's root of trust with one hardware signature: the challenge is the root of a Merkle tree over
/// the questions, and each gets its own inclusion proof and its own tail of the log (PROTOCOL.md section 4). A question that comes while a signature
/// is being made waits for the next one; there is never a second signature at the same time. Thread-safe.
/// </summary>
/// <param name="attester">Owns the root; the caller disposes of it.</param>
/// <param name="settle">Measures what is known to have changed, just before a signature; see <see cref="Attester.Prove"/>.</param>
/// <param name="version">The agent's, for the claims.</param>
public sealed class ProofBatch(Attester attester, Func<int> settle, string version, TimeProvider time)
{
    /// <summary>Questions that may wait; more are refused (attack A42).</summary>
    public const int MostWaiting = 4096;

    private const string SoftwareName = "trustmesh-agent";

    private static readonly IReadOnlyList<int> MeasurementRegister = [13];

    private readonly Lock gate = new();
    private readonly List<WaitingQuestion> waiting = [];
    private readonly BatchWindow window = new();
    private readonly Vouchers vouchers = new();
    private bool working;

    /// <summary>Whose questions these are.</summary>
    public Attester Attester => attester;

    /// <summary>
    /// The evidence that answers this question. Throws <see cref="Roots.RootException"/> or <see cref="IOException"/> where the root or the measuring
    /// failed, as everyone who waited for the same signature then does, and <see cref="TooManyQuestionsException"/>.
    /// </summary>
    public Task<Evidence> AnswerAsync(Question question, CancellationToken stop)
    {
        var asked = new WaitingQuestion(question, stop);
        lock (gate)
        {
            if (waiting.Count >= MostWaiting) throw new TooManyQuestionsException();
            waiting.Add(asked);
            if (!working)
            {
                working = true;
                // Hardware takes its time (20 to 600 ms); it is not taken from the thread that asked.
                _ = Task.Run(WorkAsync, CancellationToken.None);
            }
        }
        return asked.Answer.Task.WaitAsync(stop);
    }

    /// <summary>
    /// Encoded evidence that names this session key, with an empty log: a voucher for what the key signs (PROTOCOL.md 13.1). It is the last one that
    /// answered a question on a connection of that key. Where there is none yet, one is made over a question of this device to itself with a random
    /// nonce: every verifier refuses such a question (A32), so the voucher answers nobody's challenge. Throws <see cref="Roots.RootException"/>, <see cref="IOException"/>.
    /// </summary>
    public ReadOnlyMemory<byte> VoucherFor(SessionKey session)
    {
        if (vouchers.Of(session) is { } kept) return kept.Encode();
        var self = attester.Root.Device;
        var leaf = new ChallengeLeaf(RandomNumberGenerator.GetBytes(32), self, self, AttesterRole.TlsClient, session.SpkiHash, session.SpkiHash, ChannelBindingType.None, default);
        Sign([new(new(leaf, session, (ushort)TpmAlg.Sha256, MeasurementRegister, 0, 0), CancellationToken.None)]);
        return vouchers.Of(session)!.Encode();
    }

    private async Task WorkAsync()
    {
        if (window.Length is { Ticks: > 0 } open) await Task.Delay(open, time, CancellationToken.None);
        while (Draw() is { } batch) Answer(batch);
    }

    /// <summary>Everything that waits and fits with the first; null, and the work is over, if nothing waits.</summary>
    private List<WaitingQuestion>? Draw()
    {
        lock (gate)
        {
            waiting.RemoveAll(one => one.IsGone);
            if (waiting.Count == 0)
            {
                working = false;
                return null;
            }
            var first = waiting[0];
            var batch = waiting.FindAll(first.FitsWith);
            waiting.RemoveAll(first.FitsWith);
            return batch;
        }
    }

    private void Answer(List<WaitingQuestion> batch)
    {
        try
        {
            var began = time.GetTimestamp();
            var answers = Sign(batch);
            window.Signed(time.GetElapsedTime(began));
            for (var i = 0; i < batch.Count; i++) batch[i].Answer.TrySetResult(answers[i]);
        }
        catch (Exception failed)
        {
            // Whatever goes wrong with a signature is for those who wait for it; it must not end the work for everyone after them.
            foreach (var one in batch)
            {
                one.Answer.TrySetException(failed);
                // Whoever stopped waiting does not look at it; the exception is seen all the same.
                _ = one.Answer.Task.Exception;
            }
        }
    }

    private Evidence[] Sign(List<WaitingQuestion> batch)
    {
        var tree = new MerkleBatch([.. batch.Select(one => (ReadOnlyMemory<byte>)one.Question.Leaf.LeafHash())]);
        var (session, role) = (batch[0].Question.Session, RoleOf(batch));
        LogTail[] tails = [];
        var signed = attester.Prove(() => settle(), log =>
        {
            // The log may grow as soon as the lock is released: tails are cut here, each kind once.
            tails = Tails(batch, log);
            var claims = new Claims(attester.Root.Device, session.Thumbprint, tree.Root, time.GetUtcNow().ToUnixTimeSeconds(), Environment.TickCount64 / 1000, log.Boot, SoftwareName, version, null, null);
            return new(role, claims, batch[0].Question.Bank, batch[0].Question.Pcrs, new InclusionProof(0, tree.Size, tree.Prove(0)), tails[0]);
        });
        vouchers.Keep(session, signed);
        var answers = new Evidence[batch.Count];
        for (var i = 0; i < answers.Length; i++) answers[i] = signed with { Proof = new(i, tree.Size, tree.Prove(i)), Log = tails[i] };
        return answers;
    }

    private static LogTail[] Tails(List<WaitingQuestion> batch, LogTailSource log)
    {
        var cut = new Dictionary<(uint, int), LogTail>();
        var tails = new LogTail[batch.Count];
        for (var i = 0; i < tails.Length; i++)
        {
            var (boot, cursor) = (batch[i].Question.Boot, batch[i].Question.LogCursor);
            if (!cut.TryGetValue((boot, cursor), out var tail)) cut[(boot, cursor)] = tail = log.From(boot, cursor);
            tails[i] = tail;
        }
        return tails;
    }

    /// <summary>The leaves' common role; leaves of several roles say so under the hash (A32).</summary>
    private static AttesterRole RoleOf(List<WaitingQuestion> batch)
    {
        var role = batch[0].Question.Leaf.Role;
        return batch.TrueForAll(one => one.Question.Leaf.Role == role) ? role : AttesterRole.Batch;
    }
}
