using System.Security.Cryptography;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Verifier;

/// <summary>What a PKCS#11 token says of itself when it asks to join.</summary>
public sealed class TokenCheckTests : IDisposable
{
    private const TokenKeyAttributes Good = TokenKeyAttributes.Local | TokenKeyAttributes.AlwaysSensitive | TokenKeyAttributes.NeverExtractable;

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static TokenFacts Facts => new("Maker", "HSM 2", "1234", "3.1", Good | TokenKeyAttributes.Sensitive | TokenKeyAttributes.KeyGenerated);

    [Fact]
    public void A_token_is_a_candidate_and_the_warning_says_what_is_known_and_what_is_taken_on_approval()
    {
        var examined = Examine(Facts);
        Assert.Equal((AssuranceTier.HardwareKey, false), (examined.Candidate!.Tier, examined.Candidate.Endorsement.Endorsed));
        var warning = Assert.Single(examined.Findings, one => one.Outcome != Outcome.Pass);
        Assert.Equal(("root.protection", Outcome.Warn), (warning.Check, warning.Outcome));
        foreach (var word in (string[])["Maker HSM 2, serial 1234", "generated in the token", "never extractable", "always sensitive", "own word", "who approves"]) Assert.Contains(word, warning.Got);
        Assert.DoesNotContain("3.1", examined.Candidate.Endorsement.Words);
    }

    [Theory]
    [InlineData(TokenKeyAttributes.Local)]
    [InlineData(TokenKeyAttributes.AlwaysSensitive)]
    [InlineData(TokenKeyAttributes.NeverExtractable)]
    public void A10_Each_attribute_a_token_does_not_claim_refuses_it(TokenKeyAttributes missing) => Refused("token.attributes", Facts with { Attributes = Facts.Attributes & ~missing });

    [Fact]
    public void A10_A_key_that_can_be_taken_out_is_refused_whatever_else_is_said() => Refused("token.attributes", Facts with { Attributes = TokenKeyAttributes.All });

    [Fact]
    public void A10_A_token_that_says_nothing_is_refused() => Refused("token.facts", null);

    [Fact]
    public void A44_Texts_longer_than_a_tokens_own_are_refused()
    {
        Refused("token.facts", Facts with { Manufacturer = new('m', 33) });
        Refused("token.facts", Facts with { Model = new('m', 17) });
        Refused("token.facts", Facts with { SerialNumber = "sérial number 123" });
        Refused("token.facts", Facts with { Firmware = new('1', 17) });
        Assert.NotNull(Examine(Facts with { Manufacturer = new('m', 32), Model = new('m', 16), SerialNumber = "" }).Candidate);
    }

    public void Dispose() => key.Dispose();

    private EnrolmentExamination Examine(TokenFacts? facts)
        => new EnrolmentVerifier(EndorsementRoots.None).Examine(new(null, "pump-07", "north", EvidenceCase.Model, RootKind.Pkcs11, key.ExportSubjectPublicKeyInfo(), [], default, facts), EvidenceCase.Now);

    private void Refused(string check, TokenFacts? facts)
    {
        var examined = Examine(facts);
        Assert.Null(examined.Candidate);
        Assert.Equal(check, Assert.Single(examined.Findings, one => one.Outcome == Outcome.Fail).Check);
    }
}
