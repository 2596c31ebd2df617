using System.Security.Cryptography;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Verifier;

/// <summary>What policy and reference values make of authentic evidence.</summary>
public sealed class AppraisalTests
{
    private static readonly EvidenceCase Good = new();

    private static readonly LogEntry Extra = new(2, LogEntryKind.File, "/usr/bin/extra", new byte[32]);

    [Fact]
    public void A_changed_file_says_what_was_expected_what_was_found_and_by_which_rule()
    {
        var changed = SHA256.HashData("speed=9\n"u8);
        var judged = (Good with { Log = [.. Good.Log, new(2, LogEntryKind.File, "/etc/pump.conf", changed)] }).IsJudged(TrustTier.Contraindicated, "file.digest");
        Assert.Equal(new Finding("file.digest", "/etc/pump.conf", "sha256 " + Convert.ToHexStringLower(EvidenceCase.Config), "sha256 " + Convert.ToHexStringLower(changed),
            "reference traffic-sensor #4, policy default #1", Outcome.Fail), judged.Verdict.Because[0]);
        Assert.Equal(96, judged.Verdict.Vector[3]);
    }

    [Fact]
    public void A_file_put_back_is_good_again()
        => (Good with { Log = [.. Good.Log, new(2, LogEntryKind.File, "/etc/pump.conf", new byte[32]), new(3, LogEntryKind.File, "/etc/pump.conf", EvidenceCase.Config)] })
            .IsJudged(TrustTier.Affirming);

    [Fact]
    public void Any_of_several_reference_values_will_do()
        => (Good with { Reference = values => values with { Files = With(values.Files, "/etc/pump.conf", new byte[32], EvidenceCase.Config) } }).IsJudged(TrustTier.Affirming);

    [Fact]
    public void A_file_that_is_gone_is_missing()
    {
        var judged = (Good with { Log = [.. Good.Log, new(2, LogEntryKind.Absent, "/etc/pump.conf", default)] }).IsJudged(TrustTier.Contraindicated, "file.missing");
        Assert.Equal("absent", judged.Verdict.Because[0].Got);
    }

    [Fact]
    public void A_file_that_was_never_measured_is_missing()
    {
        var judged = (Good with { Log = [Good.Log[0]] }).IsJudged(TrustTier.Contraindicated, "file.missing");
        Assert.Equal(("/usr/bin/pump", "never measured"), (judged.Verdict.Because[0].Claim, judged.Verdict.Because[0].Got));
    }

    [Fact]
    public void An_absent_file_nobody_expects_is_nothing() => (Good with { Log = [.. Good.Log, new(2, LogEntryKind.Absent, "/x", default)] }).IsJudged(TrustTier.Affirming);

    [Theory]
    [InlineData(TrustTier.Affirming, TrustTier.Affirming)]
    [InlineData(TrustTier.Warning, TrustTier.Warning)]
    [InlineData(TrustTier.Contraindicated, TrustTier.Contraindicated)]
    [InlineData(TrustTier.None, TrustTier.None)]
    public void An_unknown_file_is_what_the_policy_says(TrustTier rule, TrustTier status)
    {
        var judged = Good with { Log = [.. Good.Log, Extra], Policy = policy => policy with { UnknownFile = rule } };
        if (status == TrustTier.Affirming) judged.IsJudged(status);
        else Assert.Equal("/usr/bin/extra", judged.IsJudged(status, "file.unknown").Verdict.Because[0].Claim);
    }

    [Fact]
    public void A_file_that_may_change_may_have_any_content()
        => (Good with { Log = [.. Good.Log, new(2, LogEntryKind.File, "/var/lib/pump/state", new byte[32])] }).IsJudged(TrustTier.Affirming);

    [Fact]
    public void A_register_with_another_value_is_contraindicated()
    {
        var judged = (Good with { Reference = values => values with { Registers = new Dictionary<int, IReadOnlyList<ReadOnlyMemory<byte>>> { [0] = [new byte[32]] } } })
            .IsJudged(TrustTier.Contraindicated, "register.value");
        Assert.Equal("PCR 0", judged.Verdict.Because[0].Claim);
        Assert.Equal(97, judged.Verdict.Vector[4]);
    }

    [Fact]
    public void A_tier_the_policy_does_not_allow_is_contraindicated()
        => (Good with { Policy = policy => policy with { Tiers = [AssuranceTier.HardwareKey] } }).IsJudged(TrustTier.Contraindicated, "policy.tier");

    [Fact]
    public void A_new_policy_judges_the_same_state_again()
    {
        var log = Good with { Log = [.. Good.Log, Extra] };
        var first = log.IsJudged(TrustTier.Warning, "file.unknown");
        var same = log with { Before = first.After };
        same.IsJudged(TrustTier.Warning, "file.unknown");
        (same with { Policy = policy => policy with { UnknownFile = TrustTier.Contraindicated } }).IsJudged(TrustTier.Contraindicated, "file.unknown");
    }

    [Fact]
    public void The_same_policy_and_values_do_not_judge_the_same_files_twice()
    {
        var (verifier, policy, reference) = (new EvidenceVerifier(), Good.SignedPolicy, Good.SignedReference);
        VerifiedEvidence Prove(AttesterState before) => verifier.Verify((Good with { Before = before }).Build().Encode(), Good.Leaf, Good.SessionSpki, Good.Enrolled, before, policy, reference, EvidenceCase.Now).Verified!;
        var first = Prove(AttesterState.None);
        var second = Prove(first.After);
        Assert.Same(first.Verdict.Because.Single(one => one.Check == "file.digest"), second.Verdict.Because.Single(one => one.Check == "file.digest"));
    }

    [Fact]
    public void A_because_list_is_bounded_counts_the_rest_and_begins_with_what_did_not_pass()
    {
        var many = Enumerable.Range(0, 300).Select(i => new LogEntry(i + 2, LogEntryKind.File, $"/opt/{i}", new byte[32]));
        var result = (Good with { Log = [.. Good.Log, .. many], Policy = policy => policy with { UnknownFile = TrustTier.Contraindicated } }).Verify();
        var because = result.Verified!.Verdict.Because;
        Assert.True(because.Count <= 64);
        Assert.Equal(Outcome.Fail, because[0].Outcome);
        Assert.Contains(because, one => one is { Check: "file.more", Got: "268 more that are not" });
        Assert.True(because.SkipWhile(one => one.Outcome != Outcome.Pass).All(one => one.Outcome == Outcome.Pass));
    }

    [Fact]
    public void One_failure_among_many_warnings_decides()
    {
        var many = Enumerable.Range(0, 300).Select(i => new LogEntry(i + 2, LogEntryKind.File, $"/a/{i:d3}", new byte[32]));
        var bad = new LogEntry(302, LogEntryKind.File, "/usr/bin/pump", new byte[32]);
        Assert.Equal(TrustTier.Contraindicated, (Good with { Log = [.. Good.Log, .. many, bad] }).Verify().Verified!.Verdict.Status);
    }

    private static Dictionary<string, IReadOnlyList<ReadOnlyMemory<byte>>> With(IReadOnlyDictionary<string, IReadOnlyList<ReadOnlyMemory<byte>>> files, string name, params ReadOnlyMemory<byte>[] digests)
        => new(files) { [name] = digests };
}
