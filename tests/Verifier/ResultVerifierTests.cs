using System.Security.Cryptography;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Verifier;

/// <summary>Attestation results of silos: whose they must be, and what a verdict looks like as EAR.</summary>
public sealed class ResultVerifierTests
{
    private static readonly EvidenceCase Case = new();

    private static readonly AttestationResult Result = EarWriter.Write(Case.Verify().Verified!);

    private static TestAuthority Authority => Case.Authority;

    [Fact]
    public void A_result_of_a_silo_of_the_mesh_is_accepted_as_it_was_written()
    {
        var accepted = Authority.Verifier.VerifyResult(Authority.Sign(Result), EvidenceCase.Now).Accepted;
        Assert.Equal(Result.EncodePayload(), accepted!.EncodePayload());
        Assert.Equal((TrustTier.Affirming, 7u, "default"), (accepted.Status, accepted.Boot, accepted.PolicyId));
        Assert.Equal(600, accepted.ExpiresAt - accepted.IssuedAt);
    }

    [Fact]
    public void A22_An_expired_result_says_nothing()
        => Refused("statement.dates", Authority.Verifier.VerifyResult(Authority.Sign(Result), EvidenceCase.Now.AddSeconds(600)));

    [Fact]
    public void Rejects_a_result_without_a_certificate() => Refused("result.chain", Verify([]));

    [Fact]
    public void Rejects_a_silo_whose_certificate_has_expired() => Refused("result.chain", Verify([Authority.SiloCertificate(until: EvidenceCase.Now)]));

    [Fact]
    public void Rejects_a_signer_that_may_issue_certificates() => Refused("result.chain", Verify([Authority.SiloCertificate(authority: true)]));

    [Fact]
    public void Rejects_a_silo_certified_by_somebody_else()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Refused("result.chain", Verify([Authority.SiloCertificate(issuer: other)]));
    }

    [Fact]
    public void Rejects_a_result_signed_by_another_key_than_its_certificates()
    {
        using var other = new TestAuthority();
        var signed = Authority.SignResult(Result, other.SiloCertificate());
        Refused("statement.signature", other.Verifier.VerifyResult(signed, EvidenceCase.Now));
    }

    [Fact]
    public void Rejects_bytes_that_are_no_certificate() => Refused("result.chain", Verify([new byte[] { 1, 2, 3 }]));

    [Fact]
    public void A15_No_flipped_bit_of_the_silos_certificate_is_accepted()
    {
        var certificate = Authority.SiloCertificate();
        for (var at = 0; at < certificate.Length; at++)
        {
            certificate[at] ^= 1;
            Assert.Null(Verify([certificate]).Accepted);
            certificate[at] ^= 1;
        }
        Assert.NotNull(Verify([certificate]).Accepted);
    }

    private static Statement<AttestationResult> Verify(ReadOnlyMemory<byte>[] chain)
        => Authority.Verifier.VerifyResult(Authority.SignResult(Result, chain), EvidenceCase.Now);

    private static void Refused(string check, Statement<AttestationResult> statement)
    {
        Assert.Null(statement.Accepted);
        Assert.Equal(check, Assert.Single(statement.Findings, one => one.Outcome != Outcome.Pass).Check);
    }
}
