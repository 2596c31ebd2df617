using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Verifier;

public sealed class EvidenceVerifierTests
{
    [Fact]
    public void Good_evidence_is_affirming_and_says_why()
    {
        var verified = new EvidenceCase().IsJudged(TrustTier.Affirming);
        var verdict = verified.Verdict;
        Assert.Equal(new Dictionary<int, int> { [0] = 2, [3] = 2, [4] = 2, [6] = 2 }, verdict.Vector.ToDictionary());
        Assert.Equal(("default", 1, 4), (verdict.PolicyId, verdict.PolicySerial, verdict.ReferenceSerial));
        Assert.Equal(EvidenceCase.Now.AddSeconds(600), verdict.ExpiresAt);
        Assert.Contains(verdict.Because, one => one is { Check: "file.digest", Claim: "2 measured files", Rule: "reference traffic-sensor #4, policy default #1" });
        Assert.Equal(2, verified.Appended.Count);
        Assert.Equal((7u, 2), (verified.After.Boot, verified.After.LogCount));
    }
}
