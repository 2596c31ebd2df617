using TrustMesh.Tests.Parts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

/// <summary>A08, A29: nothing compared and no policy are results of their own, and neither is a pass.</summary>
public sealed class A08NothingComparedTests
{
    [Fact]
    public void A08_Says_none_where_there_are_no_reference_values()
        => new EvidenceCase { WithoutReference = true }.IsJudged(TrustTier.None, "reference.present");

    [Fact]
    public void A08_Says_none_where_the_reference_values_are_of_another_model()
    {
        var judged = new EvidenceCase { Reference = values => values with { Model = "pump", Id = "pump" } }.IsJudged(TrustTier.None, "reference.present");
        Assert.Equal(Outcome.NotCompared, judged.Verdict.Because[0].Outcome);
    }

    [Fact]
    public void A08_Says_none_where_a_register_of_the_policy_has_no_reference_value()
        => new EvidenceCase { Reference = values => values with { Registers = new Dictionary<int, IReadOnlyList<ReadOnlyMemory<byte>>>() } }
            .IsJudged(TrustTier.None, "register.value");

    [Fact]
    public void A08_Says_none_where_a_reference_value_is_for_a_register_nobody_quoted()
        => new EvidenceCase { Policy = policy => policy with { Pcrs = [13] } }.IsJudged(TrustTier.None, "register.value");

    [Fact]
    public void A08_Says_none_where_everything_may_change_and_nothing_was_compared()
        => new EvidenceCase
        {
            Policy = policy => policy with { Pcrs = [13], MayChange = ["/etc/**", "/usr/**"] },
            Reference = values => values with
            {
                Registers = new Dictionary<int, IReadOnlyList<ReadOnlyMemory<byte>>>(),
            },
        }.IsJudged(TrustTier.None, "appraisal.compared");

    [Fact]
    public void A29_Says_none_where_there_is_no_policy()
    {
        var judged = new EvidenceCase { WithoutPolicy = true }.IsJudged(TrustTier.None, "policy.present");
        Assert.Equal(Outcome.NoPolicy, judged.Verdict.Because[0].Outcome);
    }

    [Fact]
    public void A29_Says_none_where_the_policy_has_expired()
        => new EvidenceCase { Policy = policy => policy with { ExpiresAt = EvidenceCase.Now.ToUnixTimeSeconds() + 60 }, At = EvidenceCase.Now.AddSeconds(60) }
            .IsJudged(TrustTier.None, "policy.present");

    [Fact]
    public void A29_A_failure_outweighs_a_missing_policy()
        => new EvidenceCase { WithoutPolicy = true, Sent = sent => sent with { Log = sent.Log with { Entries = [] } } }
            .IsJudged(TrustTier.Contraindicated, "log.empty", "policy.present");
}
