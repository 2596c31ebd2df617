using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Attacks;

/// <summary>Keys a real TPM holds and would sign with, offered as attestation key. Their public areas are the TPM's own bytes.</summary>
public sealed class A10ForeignKeyTests
{
    [Fact]
    public void A10_Refuses_a_software_key_that_was_imported_into_a_TPM()
        => AssertMissing(t => t.ImportSoftwareKey(), TpmObjectAttributes.FixedTpm, TpmObjectAttributes.SensitiveDataOrigin);

    [Fact]
    public void A10_Refuses_a_key_that_may_be_duplicated_to_another_TPM()
        => AssertMissing(t => t.CreateDuplicableKey(), TpmObjectAttributes.FixedTpm, TpmObjectAttributes.FixedParent);

    [Fact]
    public void A09_Refuses_a_key_of_the_TPM_that_signs_anything()
        => AssertMissing(t => t.CreateUnrestrictedKey(), TpmObjectAttributes.Restricted);

    private static void AssertMissing(Func<Swtpm, byte[]> make, params TpmObjectAttributes[] missing)
    {
        using var swtpm = Swtpm.Start();
        Assert.Null(AttestationKeyCheck.Run(TpmPublic.Decode(make(swtpm)), out var findings));
        var finding = Assert.Single(findings, f => f.Check == "ak.attributes");
        Assert.Equal(Outcome.Fail, finding.Outcome);
        Assert.All(missing, m => Assert.Contains(m.ToString(), finding.Got));
    }
}
