using System.Data.Common;
using TrustMesh.Trust.Mesh;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;

namespace TrustMesh.Host.Operator;

/// <summary>
/// The last evidence of a device, appraised again under a policy nobody asked it under (<see cref="PolicyTrial"/>): over stored rows and off any twin's turn, through
/// the gate that live evidence passes, and behind it.
/// </summary>
/// <param name="where">Route that failures are logged with.</param>
internal sealed class EvidenceTrial(Silo silo, string where)
{
    private const string Unreadable = "its stored state cannot be read";

    private static readonly TimeSpan GateFull = TimeSpan.FromMilliseconds(20);

    /// <summary>What is kept of the device, if that can be judged; else why not.</summary>
    public async Task<(TrialSubject? Subject, string? Unjudged)> LoadAsync(DeviceId device, CancellationToken cancellation)
    {
        try
        {
            var row = await silo.Place.TwinStore.LoadAsync(device, cancellation);
            var state = row is null ? null : TwinStateCodec.Decode(row.State, row.Version);
            if (state?.Verdict is null || await silo.Place.TwinStore.LoadProofAsync(device, cancellation) is not { } stored) return (null, "no evidence is kept of it");
            var proof = TwinProof.Decode(stored.Proof);
            return await silo.Policies.FindAppraisalAsync(proof.PolicySerial, cancellation) is { } asked ? (new(state, proof, stored.Log, asked), null) : (null, "the policy of its last evidence is not kept");
        }
        catch (Exception unreadable) when (unreadable is WireException or UnreadableTwinException)
        {
            return (null, Unreadable);
        }
        catch (Exception failed) when (failed is IOException or UnansweredException or DbException && !cancellation.IsCancellationRequested)
        {
            silo.Log.RequestFailed(failed, where, device.Text);
            return (null, "the silo's storage did not answer");
        }
    }

    /// <summary>Live evidence goes first: where its line is full, this waits outside.</summary>
    public async Task<T> InTurnAsync<T>(Func<T> judge, CancellationToken cancellation)
    {
        while (!await silo.Gate.TryEnterAsync(cancellation)) await Task.Delay(GateFull, silo.Time, cancellation);
        try
        {
            return judge();
        }
        finally
        {
            silo.Gate.Leave();
        }
    }

    /// <summary>By today's reference values.</summary>
    public PolicyTrialResult Run(TrialSubject subject, PolicyTrial trial)
    {
        var (enrolment, proof) = (subject.State.Enrolment, subject.Proof);
        try
        {
            return trial.Run(proof.Evidence, proof.Leaf, proof.SessionKey, subject.Log, silo.Enrolled.For(enrolment), subject.Asked, silo.References.For(enrolment.Model), silo.Time.GetUtcNow());
        }
        catch (WireException)
        {
            return new(null, [], Unreadable);
        }
    }
}
