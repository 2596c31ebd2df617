using System.Security.Cryptography;
using TrustMesh.Verifier;

namespace TrustMesh.Tests.Attacks;

/// <summary>A11: the proof that attestation key and endorsement key are of one TPM. <c>Interop</c> has the same with real TPMs.</summary>
public sealed class A11CredentialTests
{
    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(32), Enrolment = new byte[16], Spki = SHA256.HashData("session"u8);

    private static byte[] Message => [.. "tm-en/1"u8, .. Enrolment, .. Spki];

    private static byte[] Proof => HMACSHA256.HashData(Secret, Message);

    [Fact]
    public void A11_Accepts_the_proof_made_with_the_secret() => Assert.True(EnrolmentProof.IsOfTpm(Proof, Secret, Enrolment, Spki));

    [Fact]
    public void A11_Rejects_a_proof_made_with_another_secret()
        => Assert.False(EnrolmentProof.IsOfTpm(Proof, RandomNumberGenerator.GetBytes(32), Enrolment, Spki));

    [Fact]
    public void A11_Rejects_a_proof_of_another_enrolment() => Assert.False(EnrolmentProof.IsOfTpm(Proof, Secret, [.. Enrolment.AsSpan(1), 1], Spki));

    [Fact]
    public void A11_Rejects_a_proof_over_another_connection() => Assert.False(EnrolmentProof.IsOfTpm(Proof, Secret, Enrolment, SHA256.HashData("relay"u8)));

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A11_Rejects_a_proof_of_another_length(int length)
        => Assert.False(EnrolmentProof.IsOfTpm([.. Proof.Concat(new byte[32]).Take(length)], Secret, Enrolment, Spki));

    [Fact]
    public void A11_Rejects_a_proof_where_the_secret_is_empty()
        => Assert.False(EnrolmentProof.IsOfTpm(HMACSHA256.HashData(Array.Empty<byte>(), Message), [], Enrolment, Spki));

    [Fact]
    public void A11_Rejects_a_nonce_signed_by_another_key()
    {
        using var root = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = AttestationKey.FromSubjectPublicKeyInfo(root.ExportSubjectPublicKeyInfo());
        var nonce = RandomNumberGenerator.GetBytes(32);
        byte[] signed = [.. "tm-en/1"u8, .. Enrolment, .. nonce, .. Spki];
        Assert.True(EnrolmentProof.IsOfKey(root.SignData(signed, HashAlgorithmName.SHA256), key, nonce, Enrolment, Spki));
        Assert.False(EnrolmentProof.IsOfKey(other.SignData(signed, HashAlgorithmName.SHA256), key, nonce, Enrolment, Spki));
    }

    [Fact]
    public void A11_A_credential_in_a_log_line_does_not_tell_its_secret()
    {
        var credential = new Credential(new byte[4], new byte[4], Secret);
        Assert.Equal("Credential", $"{credential}");
    }
}
