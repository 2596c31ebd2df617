using System.Collections.Concurrent;
using TrustMesh.Contracts;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Host.Operator;

/// <summary>
/// What devices that wait have proven, for whoever lets them in. Their evidence is judged as everybody's when it comes; here it is judged once more, by the policy and the
/// reference values of now, as what was learned since counts for an approval. The same evidence is not verified twice for two people who look (attack A42).
/// </summary>
internal sealed class WaitingProofs(Silo silo)
{
    private const int MostFiles = 100, MostFindings = 20, MostKept = 256;

    private readonly EvidenceTrial trial = new(silo, "/api/v1/devices/{id}/enrolment");
    private readonly ConcurrentDictionary<DeviceId, (long Version, long Policy, long References, PolicyTrialResult Result)> judged = new();

    /// <summary>Null for a device that does not wait, and for one that has not proven itself.</summary>
    public async Task<WaitingProof?> OfAsync(TwinState state, CancellationToken cancellation)
    {
        if (state is not { Standing: Standing.Pending, Verdict: { } verdict }) return null;
        var (policy, reference) = (silo.Policies.InForce, silo.References.For(state.Enrolment.Model)?.Values);
        var result = await JudgeAsync(state, policy, reference?.Serial ?? 0, cancellation);
        var files = new List<Contracts.Measurement>();
        var (good, unknown, different) = (0, 0, 0);
        foreach (var file in DeviceView.Files(state, reference, silo.Directory.Prevalence, silo.FirstSeen))
        {
            var known = file.Expected is not null;
            // What is not there, and nobody expects, is nothing.
            if (!known && file.Digest == DeviceView.Absent) continue;
            if (file.Outcome == "pass" || policy.LetsChange(file.Name))
            {
                good++;
                continue;
            }
            if (known) different++;
            else unknown++;
            files.Add(file);
        }
        foreach (var (name, accepted) in reference is null ? [] : reference.Files.AsEnumerable())
        {
            if (state.Attester.Current.ContainsKey(name) || policy.LetsChange(name)) continue;
            different++;
            files.Add(new(name, DeviceView.Absent, "fail", [.. accepted.Select(DeviceView.Hex)]));
        }
        return new(
            verdict.IssuedAt, verdict.ExpiresAt, policy.Policy.Serial, reference?.Serial, result.Status is { } status ? TwinTransition.Text(status) : null, result.Unjudged is { } why ? Grammar.Fit(why) : null,
            [.. result.Because.Where(one => one.Outcome != Outcome.Pass).OrderBy(one => one.Outcome == Outcome.Fail ? 0 : 1).Take(MostFindings).Select(DeviceView.Because)],
            good, unknown, different, [.. files.OrderBy(file => file.Outcome == "fail" ? 0 : 1).ThenBy(file => file.Name, StringComparer.Ordinal).Take(MostFiles)],
            [.. DeviceView.Quoted(state, reference, silo.Directory.Prevalence, silo.FirstSeen)]);
    }

    private async Task<PolicyTrialResult> JudgeAsync(TwinState state, AppraisalPolicy policy, long references, CancellationToken cancellation)
    {
        var device = state.Enrolment.Device;
        if (judged.TryGetValue(device, out var before) && (before.Version, before.Policy, before.References) == (state.Version, policy.Policy.Serial, references)) return before.Result;
        var (subject, unjudged) = await trial.LoadAsync(device, cancellation);
        if (subject is null) return new(null, [], unjudged);
        var result = await trial.InTurnAsync(() => trial.Run(subject, PolicyTrial.Of(policy)), cancellation);
        if (judged.Count >= MostKept) judged.Clear();
        judged[device] = (subject.State.Version, policy.Policy.Serial, references, result);
        return result;
    }
}
