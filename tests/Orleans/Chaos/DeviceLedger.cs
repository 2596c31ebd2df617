using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Orleans.Chaos;

/// <summary>Everything that was acknowledged about one device. Thread-safe; acts come one at a time.</summary>
internal sealed class DeviceLedger
{
    private readonly Lock gate = new();
    private readonly List<Act> acts = [];
    private readonly List<AcceptedProof> proofs = [];
    private int epoch;
    private bool busy, doubt;
    private Standing? standing;

    /// <summary>Its enrolment was answered.</summary>
    public bool IsEnrolled
    {
        get { lock (gate) return standing is not null; }
    }

    public IReadOnlyList<Act> Acts
    {
        get { lock (gate) return [.. acts]; }
    }

    public IReadOnlyList<AcceptedProof> Proofs
    {
        get { lock (gate) return [.. proofs]; }
    }

    /// <summary>What it has to be by what was acknowledged; null before its enrolment.</summary>
    public Standing? Standing
    {
        get { lock (gate) return standing; }
    }

    /// <summary>Some act was not answered: from then on the standing is known from the log alone.</summary>
    public bool IsInDoubt
    {
        get { lock (gate) return doubt; }
    }

    public void Enrolled(Standing to)
    {
        lock (gate) (standing, epoch) = (to, epoch + 1);
    }

    /// <summary>Takes the device for one act; null if somebody has it, or it is not in yet.</summary>
    public Act? TryBegin(Func<Standing, string?> verb, string reason)
    {
        lock (gate)
        {
            if (busy || standing is not { } now || verb(now) is not { } chosen) return null;
            var act = new Act(chosen, reason) { AfterDoubt = doubt };
            acts.Add(act);
            (busy, epoch) = (true, epoch + 1);
            return act;
        }
    }

    public void Ended(Act act, ActEnd end, long version = 0)
    {
        lock (gate)
        {
            (act.End, act.Version, busy, epoch) = (end, version, false, epoch + 1);
            if (end == ActEnd.Acknowledged) standing = act.To;
            doubt |= end == ActEnd.Unknown;
        }
    }

    /// <summary>What a proof that begins now has to find.</summary>
    public (int Epoch, Standing? Standing, AcceptedProof? Last) Look()
    {
        lock (gate) return (epoch, busy || doubt ? null : standing, proofs.Count > 0 ? proofs[^1] : null);
    }

    /// <summary>A sentence if the receipt contradicts what was acknowledged before the proof began.</summary>
    public string? Accepted(AcceptedProof proof, (int Epoch, Standing? Standing, AcceptedProof? Last) before)
    {
        lock (gate)
        {
            proofs.Add(proof);
            return before.Epoch == epoch && before.Standing is { } known && known != proof.Standing ? $"a receipt says {proof.Standing}, acknowledged was {known} ({Last})" : null;
        }
    }

    private string Last => acts.Count == 0 ? "no decision" : acts[^1].ToString();
}
