using System.Security.Cryptography;
using TrustMesh.Agent.Files;
using TrustMesh.Roots;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Measuring;

/// <summary>
/// Owns the root of trust and the measurement log, one caller at a time: every use of the hardware, and every step from a reading to an
/// extended register, happens under one lock. Written first, extended second (PROTOCOL.md 6); after a failure in between the register is
/// asked what it holds before anything else happens.
/// </summary>
public sealed class Attester : IDisposable
{
    // What goes into the register when a change can no longer be written down: no log replays to it, so no evidence of this boot passes.
    private static readonly byte[] Spoil = SHA256.HashData("tm-log-full"u8);

    private readonly Lock gate = new();
    private readonly IRoot root;
    private readonly StateDirectory state;
    private MeasurementLog log;
    private bool uncertain, spoilt;

    /// <summary>Takes up the log of this boot. The caller keeps the root and disposes of it later. Throws <see cref="RootException"/>, <see cref="IOException"/>.</summary>
    public Attester(IRoot root, StateDirectory state)
    {
        (this.root, this.state) = (root, state);
        (log, State) = TakeUp();
    }

    /// <summary>Facts of the root that never change while the agent runs.</summary>
    public IRoot Root => root;

    public LogState State { get; private set; }

    /// <summary>Bytes of a torn last record that were dropped from the log when it was taken up.</summary>
    public long Cut { get; private set; }

    public uint Boot => log.Boot;

    public int Entries => log.Count;

    public bool IsFull => log.IsFull;

    /// <summary>The last reading of a name in this boot's log, or null.</summary>
    public Reading? Last(string name)
    {
        lock (gate) return log.Current.GetValueOrDefault(name);
    }

    /// <summary>The names this boot's log knows.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (gate) return [.. log.Current.Keys];
        }
    }

    /// <summary>Starts a new log if the machine was reset meanwhile; true if it did, and then everything has to be measured again.</summary>
    public bool FollowBoot()
    {
        lock (gate)
        {
            if (root.Boot == log.Boot) return false;
            log.Dispose();
            (log, State) = TakeUp();
            return true;
        }
    }

    /// <summary>
    /// Writes and extends whatever of the readings is new. Returns how many entries that made. <paramref name="read"/> runs under the lock, so
    /// that no proof falls between a reading and its entry.
    /// </summary>
    public int Record(Func<IReadOnlyList<(string Name, Reading Reading)>> read)
    {
        lock (gate)
        {
            CatchUp();
            var readings = read();
            if (log.IsFull)
            {
                if (spoilt || !readings.Any(found => !(log.Current.TryGetValue(found.Name, out var last) && last.SameAs(found.Reading)))) return 0;
                root.Extend(Spoil);
                spoilt = true;
                return 0;
            }
            var before = log.Count;
            var written = log.Record(readings);
            ExtendFrom(before);
            return written;
        }
    }

    /// <summary>
    /// Evidence for one question. <paramref name="settle"/> runs under the lock first and measures whatever is known to have changed, so that a
    /// proof is never older than the changes it leaves out.
    /// </summary>
    public Evidence Prove(Action settle, Func<LogTailSource, EvidenceDraft> draft)
    {
        lock (gate)
        {
            // Asked before each proof: after a suspend to disk the register starts over although the boot is the same.
            uncertain |= !root.ReadRegister().AsSpan().SequenceEqual(log.ValueAfter(log.Count));
            CatchUp();
            settle();
            return root.Prove(draft(new(log.Boot, log.Entries)));
        }
    }

    /// <summary>Answers an enrolment challenge with the root of trust.</summary>
    public byte[] AnswerEnrolment(EnrolChallenge challenge, ReadOnlySpan<byte> sessionSpki)
    {
        lock (gate) return root.AnswerEnrolment(challenge, sessionSpki);
    }

    /// <summary>The 32 bytes last given to <see cref="Remember"/>, or null.</summary>
    public byte[]? Recall()
    {
        lock (gate) return root.Recall();
    }

    /// <summary>Lets the root of trust remember 32 bytes over restarts; durable when it returns.</summary>
    public void Remember(ReadOnlySpan<byte> memory)
    {
        lock (gate) root.Remember(memory);
    }

    public void Dispose()
    {
        lock (gate) log.Dispose();
    }

    private (MeasurementLog, LogState) TakeUp()
    {
        var taken = MeasurementLog.Open(state, root.Boot, out var cut);
        (Cut, uncertain, spoilt) = (cut, false, false);
        var held = taken.EntriesIn(root.ReadRegister());
        if (held is null) return (taken, LogState.Differs);
        if (held == taken.Count) return (taken, taken.Count == 0 ? LogState.New : LogState.Equal);
        log = taken;
        ExtendFrom(held.Value);
        return (taken, LogState.Extended);
    }

    /// <summary>After a failure the register may or may not have taken the last entry; only it knows.</summary>
    private void CatchUp()
    {
        if (!uncertain) return;
        var held = log.EntriesIn(root.ReadRegister());
        uncertain = false;
        // What the log does not explain stays so: see LogState.Differs.
        if (held is null) State = LogState.Differs;
        else ExtendFrom(held.Value);
    }

    private void ExtendFrom(int first)
    {
        uncertain = true;
        for (var index = first; index < log.Count; index++) root.Extend(SHA256.HashData(log.Entries[index]));
        uncertain = false;
    }
}
