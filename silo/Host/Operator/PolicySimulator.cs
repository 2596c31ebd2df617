using System.Data.Common;
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
/// Appraises the last evidence of every device under a draft of a policy (<see cref="PolicyTrial"/>): over stored rows and off any twin's turn, through the gate that live
/// evidence passes, on half of the cores, one simulation at a time and no longer than <see cref="Longest"/> (attack A42). It ends when whoever asked goes.
/// </summary>
public sealed class PolicySimulator(Silo silo)
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan GateFull = TimeSpan.FromMilliseconds(20);

    private readonly SemaphoreSlim turn = new(1);

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
        try
        {
            var row = await silo.Place.TwinStore.LoadAsync(entry.Device, cancellation);
            var state = row is null ? null : TwinStateCodec.Decode(row.State, row.Version);
            if (state?.Verdict is not { } verdict || await silo.Place.TwinStore.LoadProofAsync(entry.Device, cancellation) is not { } stored)
                return PolicyEffect.Unjudged(entry, "no evidence is kept of it");
            var proof = TwinProof.Decode(stored.Proof);
            if (await silo.Policies.FindAppraisalAsync(proof.PolicySerial, cancellation) is not { } asked) return PolicyEffect.Unjudged(entry, "the policy of its last evidence is not kept");
            await EnterAsync(cancellation);
            try
            {
                return Judge(run, entry, state, verdict, proof, stored.Log, asked);
            }
            finally
            {
                silo.Gate.Leave();
            }
        }
        catch (Exception unreadable) when (unreadable is WireException or UnreadableTwinException)
        {
            return PolicyEffect.Unjudged(entry, "its stored state cannot be read");
        }
        catch (Exception failed) when (failed is IOException or UnansweredException or DbException && !cancellation.IsCancellationRequested)
        {
            silo.Log.RequestFailed(failed, "/api/v1/policy/simulate", entry.Device.Text);
            return PolicyEffect.Unjudged(entry, "the silo's storage did not answer");
        }
    }

    private PolicyEffect Judge(Trial run, DeviceEntry entry, TwinState state, Verdict last, TwinProof proof, IReadOnlyList<ReadOnlyMemory<byte>> log, AppraisalPolicy asked)
    {
        var (enrolment, now) = (state.Enrolment, silo.Time.GetUtcNow());
        var reference = silo.References.For(enrolment.Model);
        PolicyTrialResult Under(PolicyTrial trial) => trial.Run(proof.Evidence, proof.Leaf, proof.SessionKey, log, silo.Enrolled.For(enrolment), asked, reference, now);
        var then = Under(run.Draft);
        if (then.Status is not { } drafted) return PolicyEffect.Unjudged(entry, then.Unjudged!);
        if (drafted == last.Status) return PolicyEffect.Same(entry);
        // Other reference values, or a policy the device has not proven itself under yet: what changes anyway is not the draft's doing.
        var present = Under(run.InForce);
        return present.Status == drafted ? PolicyEffect.Same(entry) : PolicyEffect.Of(entry, present.Status ?? last.Status, present.Status is null ? last.Because : present.Because, drafted, then.Because);
    }

    /// <summary>Live evidence goes first: where its line is full, a simulation waits outside.</summary>
    private async Task EnterAsync(CancellationToken cancellation)
    {
        while (!await silo.Gate.TryEnterAsync(cancellation)) await Task.Delay(GateFull, silo.Time, cancellation);
    }

    private sealed class Trial(PolicyTrial draft, PolicyTrial inForce, long started)
    {
        public PolicyTrial Draft { get; } = draft;

        public PolicyTrial InForce { get; } = inForce;

        public long Started { get; } = started;

        public volatile bool RanOut;
    }
}
