using System.Security.Cryptography;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Attacks;

/// <summary>A17: the algorithm comes from the enrolled key, and only good ones are enrolled.</summary>
public sealed class A17AlgorithmTests
{
    [Theory]
    [InlineData(TpmAlg.Sha1)]
    [InlineData(TpmAlg.Sha384)]
    public void A17_Rejects_a_signature_by_another_hash_than_the_keys(TpmAlg hash)
        => new EvidenceCase { SignatureHash = hash }.IsRefusedBy("quote.digest", "quote.algorithm", "quote.signature");

    [Fact]
    public void A17_Rejects_an_RSA_signature_where_the_key_is_ECC()
    {
        using var rsa = RSA.Create(2048);
        new EvidenceCase
        {
            Sent = sent => sent with
            {
                Quote = sent.Quote! with
                {
                    Signature = new TpmSignature(TpmAlg.RsaSsa, TpmAlg.Sha256, rsa.SignData(sent.Quote.Attest.Span, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)).Encode(),
                },
            },
        }.IsRefusedBy("quote.algorithm", "quote.signature");
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(1536)]
    public void A17_Rejects_a_short_RSA_key(int bits)
    {
        using var rsa = RSA.Create(bits);
        Refused(rsa.ExportSubjectPublicKeyInfo());
    }

    [Theory]
    [InlineData("secp521r1")]
    [InlineData("secp256k1")]
    [InlineData("brainpoolP256r1")]
    public void A17_Rejects_an_odd_curve(string name)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromFriendlyName(name));
        Refused(key.ExportSubjectPublicKeyInfo());
    }

    [Fact]
    public void A17_Rejects_an_RSA_key_with_a_small_exponent()
    {
        using var rsa = RSA.Create(2048);
        var numbers = rsa.ExportParameters(false);
        rsa.ImportParameters(new() { Modulus = numbers.Modulus, Exponent = [3] });
        Refused(rsa.ExportSubjectPublicKeyInfo());
    }

    [Theory]
    [InlineData("nistP256")]
    [InlineData("nistP384")]
    public void A17_Accepts_the_good_curves(string name)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromFriendlyName(name));
        Assert.Equal(key.KeySize, AttestationKey.FromSubjectPublicKeyInfo(key.ExportSubjectPublicKeyInfo()).KeyBits);
    }

    [Theory]
    [InlineData(TpmAlg.RsaSsa, TpmAlg.Sha256)]
    [InlineData(TpmAlg.RsaPss, TpmAlg.Sha256)]
    [InlineData(TpmAlg.RsaSsa, TpmAlg.Sha384)]
    public void A17_An_RSA_key_of_a_TPM_accepts_its_own_scheme_and_no_other(TpmAlg scheme, TpmAlg hash)
    {
        using var rsa = RSA.Create(2048);
        var area = new TpmWriter().Alg(TpmAlg.Rsa).Alg(TpmAlg.Sha256).U32(0x00050072).Sized([]).Alg(TpmAlg.Null).Alg(scheme).Alg(hash)
            .U16(2048).U32(0).Sized(rsa.ExportParameters(false).Modulus).ToArray();
        var key = AttestationKey.FromTpmPublic(TpmPublic.Decode(area));
        byte[] attest = [1, 2, 3];
        foreach (var other in (TpmAlg[])[TpmAlg.RsaSsa, TpmAlg.RsaPss])
        foreach (var name in (TpmAlg[])[TpmAlg.Sha256, TpmAlg.Sha384])
        {
            var padding = other == TpmAlg.RsaSsa ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss;
            var signature = new TpmSignature(other, name, rsa.SignData(attest, TpmHash.Name(name), padding));
            Assert.Equal((scheme, hash) == (other, name), key.Verify(attest, signature));
        }
    }

    private static void Refused(byte[] spki) => Assert.Throws<WireException>(() => AttestationKey.FromSubjectPublicKeyInfo(spki));
}
