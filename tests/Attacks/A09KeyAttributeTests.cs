using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Attacks;

/// <summary>A09, A10, A17: keys offered as attestation key that could sign anything, or that were made outside.</summary>
public sealed class A09KeyAttributeTests
{
    private const TpmObjectAttributes Good = TpmObjectAttributes.FixedTpm | TpmObjectAttributes.FixedParent | TpmObjectAttributes.SensitiveDataOrigin
        | TpmObjectAttributes.UserWithAuth | TpmObjectAttributes.Restricted | TpmObjectAttributes.SignEncrypt;

    [Fact]
    public void A09_Accepts_a_restricted_signing_key_of_the_TPM() => Assert.NotNull(Check(Good, out _));

    [Theory]
    [InlineData(TpmObjectAttributes.Restricted)]
    [InlineData(TpmObjectAttributes.SignEncrypt)]
    [InlineData(TpmObjectAttributes.UserWithAuth)]
    public void A09_Rejects_a_key_that_signs_what_the_TPM_did_not_make(TpmObjectAttributes missing) => Refused(Good & ~missing);

    [Theory]
    [InlineData(TpmObjectAttributes.Decrypt)]
    [InlineData(TpmObjectAttributes.AdminWithPolicy)]
    [InlineData(TpmObjectAttributes.EncryptedDuplication)]
    public void A09_Rejects_a_key_that_may_do_more(TpmObjectAttributes excess) => Refused(Good | excess);

    [Theory]
    [InlineData(TpmObjectAttributes.FixedTpm)]
    [InlineData(TpmObjectAttributes.FixedParent)]
    [InlineData(TpmObjectAttributes.SensitiveDataOrigin)]
    public void A10_Rejects_a_key_that_came_from_outside(TpmObjectAttributes missing) => Refused(Good & ~missing);

    [Fact]
    public void A09_Computes_the_name_from_the_public_area_and_so_from_the_attributes()
    {
        using var signer = new ShapeSigner();
        var other = AttestationKey.FromTpmPublic(TpmPublic.Decode(signer.PublicWith(Good | TpmObjectAttributes.NoDa)));
        Assert.Equal(34, signer.Key.Name.Length);
        Assert.NotEqual(signer.Key.Name.ToArray(), other.Name.ToArray());
    }

    [Fact]
    public void A17_Rejects_a_key_without_a_scheme_of_its_own()
    {
        using var signer = new ShapeSigner();
        Assert.Null(AttestationKeyCheck.Run(TpmPublic.Decode(signer.PublicWith(Good, TpmAlg.Null)), out var findings));
        Assert.Equal("ak.algorithm", Assert.Single(findings, one => one.Outcome == Outcome.Fail).Check);
    }

    [Fact]
    public void A17_Rejects_a_key_whose_scheme_uses_SHA1()
    {
        using var signer = new ShapeSigner();
        Assert.Null(AttestationKeyCheck.Run(TpmPublic.Decode(signer.PublicWith(Good, TpmAlg.EcDsa, TpmAlg.Sha1)), out var findings));
        Assert.Equal("ak.algorithm", Assert.Single(findings, one => one.Outcome == Outcome.Fail).Check);
    }

    private static void Refused(TpmObjectAttributes attributes)
    {
        Assert.Null(Check(attributes, out var findings));
        Assert.Equal("ak.attributes", Assert.Single(findings, one => one.Outcome == Outcome.Fail).Check);
    }

    private static AttestationKey? Check(TpmObjectAttributes attributes, out IReadOnlyList<Finding> findings)
    {
        using var signer = new ShapeSigner();
        return AttestationKeyCheck.Run(TpmPublic.Decode(signer.PublicWith(attributes)), out findings);
    }
}
