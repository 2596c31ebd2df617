using System.Security.Cryptography;
using TrustMesh.Roots;
using TrustMesh.Roots.Tpm;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Interop;

/// <summary>Enrolment with every endorsement key: credentials made in software by us and by tpm2-tools, opened by a real TPM.</summary>
public sealed class EnrolmentOnTpmTests
{
    private static readonly byte[] Id = SHA256.HashData("id"u8)[..16], Session = SHA256.HashData("session"u8);

    [Theory]
    [InlineData("ecc-p256")]
    [InlineData("ecc-p384")]
    [InlineData("rsa-2048")]
    public void A_credential_by_tpm2_makecredential_is_activated(string setting)
    {
        using var swtpm = Swtpm.Start();
        using var root = TpmRoot.Open(swtpm.Settings(setting), TimeProvider.System);
        var secret = RandomNumberGenerator.GetBytes(32);
        var (blob, encrypted) = swtpm.MakeCredential(root, secret);
        Assert.True(EnrolmentProof.IsOfTpm(root.AnswerEnrolment(new(Id, blob, encrypted, default), Session), secret, Id, Session));
    }

    [Theory]
    [InlineData("ecc-p256")]
    [InlineData("ecc-p384")]
    [InlineData("rsa-2048")]
    public void A_credential_by_our_verifier_is_activated_and_one_for_another_name_is_not(string setting)
    {
        using var swtpm = Swtpm.Start();
        using var random = RandomNumberGenerator.Create();
        using var root = TpmRoot.Open(swtpm.Settings(setting), TimeProvider.System);
        var name = TpmPublic.Decode(root.AttestationKey).Name();
        var credential = new CredentialMaker(random).Make(TpmPublic.Decode(root.RootPublic), name);
        var proof = root.AnswerEnrolment(new(Id, credential.Blob, credential.EncryptedSecret, default), Session);
        Assert.True(EnrolmentProof.IsOfTpm(proof, credential.Secret.Span, Id, Session));

        name[^1] ^= 1;
        credential = new CredentialMaker(random).Make(TpmPublic.Decode(root.RootPublic), name);
        Assert.Contains("TPM_RC_INTEGRITY", Assert.Throws<RootException>(() => root.AnswerEnrolment(new(Id, credential.Blob, credential.EncryptedSecret, default), Session)).Message);
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("rsa-2048")]
    public void The_manufacturer_vouches_for_a_manufactured_TPM_and_for_no_other(string setting)
    {
        using var swtpm = Swtpm.Manufacture();
        using var root = TpmRoot.Open(swtpm.Settings(setting), TimeProvider.System);
        var request = Request(root);
        var known = EndorsementRoots.Load([File.ReadAllBytes(swtpm.Authority!.RootPath), File.ReadAllBytes(swtpm.Authority.IssuerPath)]);
        var examined = new EnrolmentVerifier(known).Examine(request, DateTimeOffset.UtcNow);
        Assert.True(examined.Candidate?.Endorsement.Endorsed, string.Join('\n', examined.Findings));
        Assert.Equal(root.Device, examined.Candidate!.Device);

        using var other = Swtpm.Manufacture();
        var stranger = EndorsementRoots.Load([File.ReadAllBytes(other.Authority!.RootPath), File.ReadAllBytes(other.Authority.IssuerPath)]);
        Assert.NotEqual(true, new EnrolmentVerifier(stranger).Examine(request, DateTimeOffset.UtcNow).Candidate?.Endorsement.Endorsed);
    }

    private static EnrolRequest Request(IRoot root)
        => new(null, "device-1", "site-1", "model-1", root.Kind, root.RootPublic, root.Certificates, root.AttestationKey);
}
