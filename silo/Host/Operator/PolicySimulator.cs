using TrustMesh.Contracts;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Mesh;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Host.Operator;

/// <summary>
/// Appraises the last evidence of every device under a draft of a policy (<see cref="EvidenceTrial"/>), on half of the cores, one simulation at a time and no longer than
/// <see cref="Longest"/> (attack A42). It ends when whoever asked goes.
/// </summary>
public sealed class PolicySimulator(Silo silo)
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim turn = new(1);
    private readonly EvidenceTrial trials = new(silo, "/api/v1/policy/simulate");

    /// <summary>Null if another simulation runs at this silo.</summary>
    /// <param name="draft">As <see cref="PolicyBook.Draft"/> made it; its patterns compile.</param>
    public async Task<PolicySimulation?> RunAsync(Policy draft, CancellationToken cancellation)
    {
        if (!await turn.WaitAsync(0, cancellation)) return null;
        try
        {
            var trial = PolicyTrial.Of(draft, out var problem) ?? throw new ArgumentException(problem, nameof(draft));
            var inForce = silo.Policies.InForce;
            var run = new Trial(trial, PolicyTrial.Of(inForce), silo.Time.GetTimestamp());
            var devices = silo.Directory.Entries.Where(entry => entry.Standing != Standing.Revoked).ToList();
            var cases = new PolicyEffect[devices.Count];
            await Parallel.ForEachAsync(Enumerable.Range(0, devices.Count), new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, Environment.ProcessorCount / 2), CancellationToken = cancellation },
                async (at, stop) => cases[at] = await OneAsync(run, devices[at], stop));
            return PolicyReport.Of(PolicyBook.View(draft), inForce.Policy.Serial, cases, run.RanOut);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<PolicyEffect> OneAsync(Trial run, DeviceEntry entry, CancellationToken cancellation)
    {
        if (silo.Time.GetElapsedTime(run.Started) > Longest)
        {
            run.RanOut = true;
            return PolicyEffect.Unjudged(entry, "there was no time left to look");
        }
        var (subject, why) = await trials.LoadAsync(entry.Device, cancellation);
        return subject is null ? PolicyEffect.Unjudged(entry, why!) : await trials.InTurnAsync(() => Judge(run, entry, subject), cancellation);
    }

    private PolicyEffect Judge(Trial run, DeviceEntry entry, TrialSubject subject)
    {
        var last = subject.State.Verdict!;
        var then = trials.Run(subject, run.Draft);
        if (then.Status is not { } drafted) return PolicyEffect.Unjudged(entry, then.Unjudged!);
        if (drafted == last.Status) return PolicyEffect.Same(entry);
        // Other reference values, or a policy the device has not proven itself under yet: what changes anyway is not the draft's doing.
        var present = trials.Run(subject, run.InForce);
        return present.Status == drafted ? PolicyEffect.Same(entry) : PolicyEffect.Of(entry, present.Status ?? last.Status, present.Status is null ? last.Because : present.Because, drafted, then.Because);
    }

    private sealed class Trial(PolicyTrial draft, PolicyTrial inForce, long started)
    {
        public PolicyTrial Draft { get; } = draft;

        public PolicyTrial InForce { get; } = inForce;

        public long Started { get; } = started;

        public volatile bool RanOut;
    }
}
