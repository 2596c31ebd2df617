using System.Security.Cryptography;
using TrustMesh.Roots.Tpm;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Interop;

/// <summary>Credentials made by us, opened by TPMs: the whole of A11 with a real TPM 2.0.</summary>
public sealed class CredentialTests
{
    private static readonly byte[] Enrolment = RandomNumberGenerator.GetBytes(16), Spki = SHA256.HashData("session"u8);

    [Theory]
    [InlineData("rsa-2048")]
    [InlineData("ecc-p256")]
    [InlineData("ecc-p384")]
    public void A11_The_TPM_that_holds_both_keys_tells_the_secret(string endorsementKey)
    {
        using var swtpm = Swtpm.Manufacture();
        using var root = TpmRoot.Open(swtpm.Settings(endorsementKey), TimeProvider.System);
        using var random = RandomNumberGenerator.Create();
        // Several, because leading zeros of numbers come and go.
        for (var i = 0; i < 4; i++)
        {
            var credential = new CredentialMaker(random).Make(TpmPublic.Decode(root.RootPublic), TpmPublic.Decode(root.AttestationKey).Name());
            var proof = root.AnswerEnrolment(new(Enrolment, credential.Blob, credential.EncryptedSecret, default), Spki);
            Assert.True(EnrolmentProof.IsOfTpm(proof, credential.Secret.Span, Enrolment, Spki));
        }
    }

    [Fact]
    public void A09_The_TPM_does_not_tell_the_secret_for_another_Name()
    {
        using var swtpm = Swtpm.Manufacture();
        using var root = TpmRoot.Open(swtpm.Settings(), TimeProvider.System);
        using var random = RandomNumberGenerator.Create();
        var name = TpmPublic.Decode(root.AttestationKey).Name();
        name[^1] ^= 1;
        var credential = new CredentialMaker(random).Make(TpmPublic.Decode(root.RootPublic), name);
        Assert.Throws<TrustMesh.Roots.RootException>(() => root.AnswerEnrolment(new(Enrolment, credential.Blob, credential.EncryptedSecret, default), Spki));
    }

    [Theory]
    [InlineData("rsa")]
    [InlineData("ecc")]
    public void Tpm2_tools_open_our_credentials(string algorithm)
    {
        using var swtpm = Swtpm.Start();
        swtpm.Tool("tpm2_createek", "-c", "ek.ctx", "-G", algorithm, "-u", "ek.pub");
        swtpm.Tool("tpm2_createak", "-C", "ek.ctx", "-c", "ak.ctx", "-G", "ecc", "-g", "sha256", "-s", "ecdsa", "-u", "ak.pub", "-n", "ak.name");
        swtpm.Tool("tpm2_flushcontext", "-t");
        using var random = RandomNumberGenerator.Create();
        var ak = TpmPublic.DecodeEither(swtpm.File("ak.pub"));
        Assert.Equal(swtpm.File("ak.name"), ak.Name());
        var credential = new CredentialMaker(random).Make(TpmPublic.DecodeEither(swtpm.File("ek.pub")), ak.Name());
        // What tpm2_makecredential writes: magic, version, TPM2B_ID_OBJECT, TPM2B_ENCRYPTED_SECRET.
        File.WriteAllBytes(swtpm.PathOf("cred"), new TpmWriter().U32(0xbadcc0de).U32(1).Sized(credential.Blob.Span).Sized(credential.EncryptedSecret.Span).ToArray());
        swtpm.Tool("tpm2_startauthsession", "--policy-session", "-S", "session.ctx");
        swtpm.Tool("tpm2_policysecret", "-S", "session.ctx", "-c", "endorsement");
        swtpm.Tool("tpm2_activatecredential", "-c", "ak.ctx", "-C", "ek.ctx", "-i", "cred", "-o", "secret", "-P", "session:session.ctx");
        Assert.Equal(credential.Secret.ToArray(), swtpm.File("secret"));
    }

    [Fact]
    public void A_manufactured_TPM_is_admitted_with_its_vendors_root()
    {
        using var swtpm = Swtpm.Manufacture();
        using var root = TpmRoot.Open(swtpm.Settings(), TimeProvider.System);
        var roots = EndorsementRoots.Load([File.ReadAllBytes(swtpm.Authority!.RootPath), File.ReadAllBytes(swtpm.Authority.IssuerPath)]);
        var request = new EnrolRequest(null, "pump-07", "north", "traffic-sensor", RootKind.Tpm, root.RootPublic, root.Certificates, root.AttestationKey);
        var examined = new EnrolmentVerifier(roots).Examine(request, DateTimeOffset.UtcNow);
        Assert.DoesNotContain(examined.Findings, one => one.Outcome != Outcome.Pass);
        Assert.Equal(root.Device, examined.Candidate!.Device);
        Assert.True(examined.Candidate.Endorsement.Endorsed);

        var unknown = new EnrolmentVerifier(EndorsementRoots.None).Examine(request, DateTimeOffset.UtcNow);
        Assert.Equal(("ek.chain", Outcome.NotCompared), unknown.Findings.Where(one => one.Outcome != Outcome.Pass).Select(one => (one.Check, one.Outcome)).Single());
        Assert.False(unknown.Candidate!.Endorsement.Endorsed);
    }

    [Fact]
    public void A13_The_certificate_of_another_TPM_is_refused()
    {
        using var swtpm = Swtpm.Manufacture();
        using var other = Swtpm.Manufacture(swtpm.Authority);
        using var root = TpmRoot.Open(swtpm.Settings(), TimeProvider.System);
        using var otherRoot = TpmRoot.Open(other.Settings(), TimeProvider.System);
        var roots = EndorsementRoots.Load([File.ReadAllBytes(swtpm.Authority!.RootPath), File.ReadAllBytes(swtpm.Authority.IssuerPath)]);
        var request = new EnrolRequest(null, "pump-07", "north", "traffic-sensor", RootKind.Tpm, root.RootPublic, otherRoot.Certificates, root.AttestationKey);
        var examined = new EnrolmentVerifier(roots).Examine(request, DateTimeOffset.UtcNow);
        Assert.Null(examined.Candidate);
        Assert.Equal("ek.key", examined.Findings[0].Check);
    }
}
