using System.Security.Cryptography;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire;

namespace TrustMesh.Tests.Attacks;

/// <summary>A12 to A14: evidence of one device for another.</summary>
public sealed class A13DeviceTests
{
    [Fact]
    public void A12_Verified_evidence_names_the_enrolment_it_was_verified_against()
        => Assert.Equal(new byte[16], new EvidenceCase().Verify().Verified!.EnrolmentId.ToArray());

    [Fact]
    public void A13_Rejects_claims_of_another_device()
        => new EvidenceCase { Claims = claims => claims with { Device = DeviceId.FromRootKey("another"u8) } }.IsRefusedBy("evidence.device");

    [Fact]
    public void A13_Rejects_an_answer_to_a_question_put_to_another_device()
        => new EvidenceCase { AskedLeaf = leaf => leaf with { Attester = DeviceId.FromRootKey("another"u8) } }.IsRefusedBy("evidence.device", "evidence.challenge");

    [Fact]
    public void A14_Rejects_a_quote_by_another_key_of_the_same_kind()
    {
        using var other = new ShapeSigner();
        var signature = other.Sign(new EvidenceCase().Build().Quote!.Attest.ToArray());
        new EvidenceCase { Sent = sent => sent with { Quote = sent.Quote! with { Signature = signature } } }.IsRefusedBy("quote.signature");
    }

    [Fact]
    public void A14_Whole_quotes_of_another_TPM_do_not_verify()
    {
        var theirs = new EvidenceCase();
        var ours = theirs with { Tpm = new() };
        var result = ours.Verify(theirs.Build().Encode());
        Assert.Null(result.Verified);
        Assert.Equal("quote.signature", Assert.Single(result.Findings, one => one.Outcome != TrustMesh.Wire.Messages.Outcome.Pass).Check);
    }

    [Fact]
    public void A13_The_id_of_a_device_is_the_hash_of_its_root_key()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var spki = key.ExportSubjectPublicKeyInfo();
        Assert.Equal([1, .. SHA256.HashData(spki)], DeviceId.FromRootKey(spki).ToUeid());
    }
}
