using System.Security.Cryptography;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

/// <summary>A01, A02: stockpiled, foreign and misshapen answers. That a challenge is used once and in time is the silo's to keep.</summary>
public sealed class A01ChallengeTests
{
    [Fact]
    public void A01_Rejects_an_answer_to_a_nonce_we_did_not_send()
        => new EvidenceCase { AnsweredLeaf = leaf => leaf with { Nonce = SHA256.HashData("an older nonce"u8) } }.IsRefusedBy("evidence.challenge");

    [Fact]
    public void A01_Rejects_a_quote_over_other_extra_data_than_our_challenge()
        => new EvidenceCase { Attest = quote => quote with { ExtraData = SHA256.HashData("stockpiled"u8) } }.IsRefusedBy("quote.nonce");

    [Fact]
    public void A01_Rejects_a_quote_without_extra_data()
        => new EvidenceCase { Attest = quote => quote with { ExtraData = [] } }.IsRefusedBy("quote.nonce");

    [Fact]
    public void A01_Rejects_the_constant_that_tools_put_in_as_extra_data()
        => new EvidenceCase { Attest = quote => quote with { ExtraData = [0x00, 0xff, 0x55, 0xaa] } }.IsRefusedBy("quote.nonce");

    [Fact]
    public void A01_Rejects_an_inclusion_proof_for_another_place_in_the_batch()
        => new EvidenceCase { OtherLeaves = [new byte[32]], Sent = sent => sent with { Proof = sent.Proof with { Index = 1 } } }.IsRefusedBy("evidence.challenge");

    [Fact]
    public void A01_Accepts_one_quote_that_answers_many_challengers()
        => new EvidenceCase { OtherLeaves = [new byte[32], SHA256.HashData("b"u8), SHA256.HashData("c"u8)] }.IsJudged(TrustTier.Affirming);

    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(64)]
    public void A02_Rejects_extra_data_that_only_begins_like_ours(int length)
        => new EvidenceCase { Attest = quote => quote with { ExtraData = [.. quote.ExtraData.Concat(new byte[64]).Take(length)] } }.IsRefusedBy("quote.nonce");
}
