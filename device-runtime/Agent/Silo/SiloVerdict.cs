using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Hosting;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Silo;

/// <summary>The silo's last word about this device, for people; nothing the agent does depends on it (attack A46).</summary>
public sealed class SiloVerdict(StatementVerifier verifier, DeviceId self, TimeProvider time, ILogger log)
{
    private string ignored = "";

    /// <summary>none, affirming, warning, contraindicated; null before the first verdict that could be believed.</summary>
    public string? Word { get; private set; }

    /// <summary>Takes note of a verdict: signed by a silo the authority certified, about this device. Says so when it is another than before.</summary>
    public void Note(ReadOnlyMemory<byte> statement)
    {
        var result = verifier.VerifyResult(statement, time.GetUtcNow());
        var failed = result.Findings.FirstOrDefault(finding => finding.Outcome != Outcome.Pass);
        var problem = failed is not null ? failed.Sentence : result.Accepted?.Device != self ? "it is about another device" : "";
        if (problem != ignored && problem.Length > 0) log.StatementIgnored(problem);
        ignored = problem;
        var verdict = problem.Length == 0 ? result.Accepted : null;
        var word = verdict?.Status.ToString().ToLowerInvariant();
        if (word == Word) return;
        Word = word;
        if (verdict is null or { Status: TrustTier.Affirming }) log.Verdict(word ?? "unknown");
        else log.VerdictTrouble(word!, string.Join("; ", verdict.Because.Where(finding => finding.Outcome != Outcome.Pass).Take(3).Select(finding => $"{finding.Check} {finding.Claim}: expected {finding.Expected}, got {finding.Got}")));
    }
}
