using System.Security.Cryptography;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

/// <summary>A31, A32, A34: an honest device's evidence over another channel, for another challenger, in another role.</summary>
public sealed class A31RelayTests
{
    [Fact]
    public void A31_Rejects_evidence_of_another_channel_between_the_same_two()
        => new EvidenceCase { AskedLeaf = leaf => leaf with { BindingValue = SHA256.HashData("channel B"u8) } }.IsRefusedBy("evidence.challenge");

    [Fact]
    public void A31_Rejects_evidence_made_for_an_unbound_channel()
        => new EvidenceCase { AnsweredLeaf = leaf => leaf with { BindingType = ChannelBindingType.None, BindingValue = default } }.IsRefusedBy("evidence.challenge");

    [Fact]
    public void A31_An_unbound_channel_is_contraindicated_where_policy_wants_a_bound_one()
    {
        static ChallengeLeaf Unbound(ChallengeLeaf leaf) => leaf with { BindingType = ChannelBindingType.None, BindingValue = default };
        var unbound = new EvidenceCase { AnsweredLeaf = Unbound, AskedLeaf = Unbound };
        unbound.IsJudged(TrustTier.Contraindicated, "policy.channel-binding");
        (unbound with { Policy = policy => policy with { ChannelBindingRequired = false } }).IsJudged(TrustTier.Affirming);
    }

    [Fact]
    public void A31_Rejects_evidence_that_vouches_for_another_session_key()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var thumbprint = KeyThumbprint.Of(other.ExportParameters(false));
        new EvidenceCase { Claims = claims => claims with { SessionKeyThumbprint = thumbprint } }.IsRefusedBy("evidence.session-key");
    }

    [Fact]
    public void A31_Rejects_evidence_relayed_over_a_relays_own_connection()
    {
        var honest = new EvidenceCase();
        var relay = honest with { Session = ECDsa.Create(ECCurve.NamedCurves.nistP256) };
        var result = relay.Verify(honest.Build().Encode());
        Assert.Null(result.Verified);
        Assert.Equal(["evidence.session-key", "evidence.challenge"], result.Findings.Where(one => one.Outcome == Outcome.Fail).Select(one => one.Check));
    }

    [Fact]
    public void A31_Rejects_a_question_that_went_over_another_key_than_the_answer()
        => new EvidenceCase { AskedLeaf = leaf => leaf with { AttesterSpki = new byte[32] } }.IsRefusedBy("evidence.channel", "evidence.challenge");

    [Fact]
    public void A31_Rejects_an_answer_to_another_challenger()
        => new EvidenceCase { AnsweredLeaf = leaf => leaf with { Challenger = DeviceId.FromRootKey("peer"u8) } }.IsRefusedBy("evidence.challenge");

    [Fact]
    public void A31_Rejects_an_answer_over_a_connection_to_another_key_of_the_challenger()
        => new EvidenceCase { AnsweredLeaf = leaf => leaf with { ChallengerSpki = new byte[32] } }.IsRefusedBy("evidence.challenge");

    [Fact]
    public void A32_Rejects_an_answer_in_the_other_role()
        => new EvidenceCase { AnsweredLeaf = leaf => leaf with { Role = AttesterRole.TlsServer } }.IsRefusedBy("evidence.challenge");

    [Theory]
    [InlineData(AttesterRole.TlsServer)]
    [InlineData(AttesterRole.Batch)]
    public void A32_Rejects_a_quote_made_in_another_role(AttesterRole role) => new EvidenceCase { Role = role }.IsRefusedBy("quote.nonce");

    [Fact]
    public void A32_A_batch_of_several_roles_says_so_under_the_hash()
        => new EvidenceCase { Role = AttesterRole.Batch, OtherLeaves = [new byte[32]] }.IsJudged(TrustTier.Affirming);

    [Fact]
    public void A32_Rejects_a_question_of_the_device_to_itself()
    {
        var own = new EvidenceCase();
        (own with { AskedLeaf = leaf => leaf with { Challenger = own.Device }, AnsweredLeaf = leaf => leaf with { Challenger = own.Device } })
            .IsRefusedBy("evidence.device");
    }
}
