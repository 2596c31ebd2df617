using System.Security.Cryptography;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

/// <summary>A15, A16: each field alone must count, and success is the whole list and nothing less.</summary>
public sealed class A15ConjunctionTests
{
    /// <summary>Every item of both lists, in their order.</summary>
    private static readonly string[] CompleteList =
    [
        "evidence.size", "evidence.format", "evidence.device", "evidence.kind", "evidence.channel", "evidence.session-key", "evidence.challenge",
        "quote.format", "quote.magic", "quote.type", "quote.nonce", "quote.bank", "quote.selection", "quote.values", "quote.digest", "quote.algorithm",
        "quote.signature", "quote.measurement", "claims.boot", "counter.reset", "counter.restart", "clock.back", "clock.safe", "log.boot", "log.from", "session.superseded",
        "log.replay", "log.continued", "log.length", "log.entry", "key.protection", "policy.present", "policy.tier", "policy.channel-binding",
        "firmware.denied", "reference.present", "register.value", "file.digest", "appraisal.compared",
    ];

    [Fact]
    public void A16_Affirming_needs_every_item_of_the_list()
    {
        var findings = new EvidenceCase().IsJudged(TrustTier.Affirming).Verdict.Because;
        Assert.Equal(CompleteList, findings.Select(one => one.Check));
        Assert.All(findings, one => Assert.Equal(Outcome.Pass, one.Outcome));
    }

    [Theory]
    [InlineData(0x01)]
    [InlineData(0x80)]
    public void A15_No_flipped_bit_of_evidence_leaves_it_affirming(byte bit)
    {
        var good = new EvidenceCase();
        var bytes = good.Build().Encode();
        var verifier = new TrustMesh.Verifier.EvidenceVerifier();
        var (leaf, spki, device, policy, reference) = (good.Leaf, good.SessionSpki, good.Enrolled, good.SignedPolicy, good.SignedReference);
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= bit;
            var result = verifier.Verify(bytes, leaf, spki, device, good.Before, policy, reference, good.At);
            Assert.Contains(result.Findings, one => one.Outcome == Outcome.Fail);
            Assert.True(result.Verified is null || result.Verified.Verdict.Status == TrustTier.Contraindicated, $"byte {at}");
            bytes[at] ^= bit;
        }
        Assert.Equal(TrustTier.Affirming, verifier.Verify(bytes, leaf, spki, device, good.Before, policy, reference, good.At).Verified!.Verdict.Status);
    }

    [Fact]
    public void A15_No_shortened_evidence_is_accepted()
    {
        var good = new EvidenceCase();
        var bytes = good.Build().Encode();
        for (var length = 0; length < bytes.Length; length += 7)
            Assert.Equal("evidence.format", Assert.Single(good.Verify(bytes[..length]).Findings, one => one.Outcome == Outcome.Fail).Check);
    }

    public static TheoryData<string, Func<Claims, Claims>> ChangedClaims => new()
    {
        { "swname", claims => claims with { SoftwareName = "other" } },
        { "swversion", claims => claims with { SoftwareVersion = "9.9.9" } },
        { "uptime", claims => claims with { UptimeSeconds = 1 } },
        { "iat", claims => claims with { IssuedAt = 1 } },
        { "extraData", claims => claims with { ExtraData = new byte[32] } },
        { "log head", claims => claims with { LogHead = new(1, new byte[32]) } },
    };

    [Theory]
    [MemberData(nameof(ChangedClaims), DisableDiscoveryEnumeration = true)]
    public void A15_Rejects_claims_changed_after_the_quote(string field, Func<Claims, Claims> change)
    {
        Assert.NotEmpty(field);
        new EvidenceCase { Sent = sent => sent with { ClaimsBytes = change(Claims.Decode(sent.ClaimsBytes)).Encode() } }.IsRefusedBy("quote.nonce");
    }

    [Fact]
    public void A15_Rejects_a_boot_count_that_is_not_the_TPMs()
        => new EvidenceCase { Claims = claims => claims with { BootCount = 8 } }.IsRefusedBy("claims.boot");

    [Fact]
    public void A15_Rejects_a_pcr_digest_over_other_values()
        => new EvidenceCase { Attest = quote => quote with { PcrDigest = SHA256.HashData("other"u8) } }.IsRefusedBy("quote.digest");

    [Fact]
    public void A15_Rejects_evidence_beyond_its_cap()
    {
        var result = new EvidenceCase().Verify(new byte[2 * 1024 * 1024 + 1]);
        Assert.Null(result.Verified);
        Assert.Equal("evidence.size", Assert.Single(result.Findings).Check);
    }

    [Fact]
    public void A15_Rejects_a_quote_from_a_device_that_enrolled_a_key_without_quotes()
        => new EvidenceCase { Tier = AssuranceTier.HardwareKey }.IsRefusedBy("evidence.kind");
}
