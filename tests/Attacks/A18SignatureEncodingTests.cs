using System.Security.Cryptography;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Attacks;

/// <summary>A18: trailing bytes, numbers out of range, second encodings of keys and signatures.</summary>
public sealed class A18SignatureEncodingTests
{
    private static readonly byte[] Order = Convert.FromHexString("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

    [Fact]
    public void A18_Rejects_bytes_behind_the_attested_structure()
        => new EvidenceCase { Attest = quote => quote with { Trailing = [0] } }.IsRefusedBy("quote.format");

    [Fact]
    public void A18_Rejects_bytes_behind_the_signature() => WithSignature(signature => [.. signature, 0]).IsRefusedBy("quote.format");

    [Fact]
    public void A18_Rejects_a_signature_with_a_number_longer_than_the_field()
        => WithSignature(signature => Numbers([0, .. signature[6..38]], signature[40..])).IsRefusedBy("quote.format");

    [Fact]
    public void A18_Rejects_r_and_s_of_nothing() => WithSignature(_ => Numbers([], [])).IsRefusedBy("quote.format");

    [Fact]
    public void A18_Rejects_r_and_s_of_zero() => WithSignature(_ => Numbers(new byte[32], new byte[32])).IsRefusedBy("quote.signature");

    [Fact]
    public void A18_Rejects_r_of_the_order() => WithSignature(signature => Numbers(Order, signature[40..])).IsRefusedBy("quote.signature");

    [Fact]
    public void A18_Rejects_s_of_the_order() => WithSignature(signature => Numbers(signature[6..38], Order)).IsRefusedBy("quote.signature");

    [Fact]
    public void A18_Rejects_r_and_s_in_the_wrong_order() => WithSignature(signature => Numbers(signature[40..], signature[6..38])).IsRefusedBy("quote.signature");

    [Fact]
    public void A18_Rejects_a_second_encoding_of_a_public_key()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var spki = key.ExportSubjectPublicKeyInfo();
        Assert.Throws<WireException>(() => AttestationKey.FromSubjectPublicKeyInfo((byte[])[.. spki, 0]));
        Assert.Throws<WireException>(() => AttestationKey.FromSubjectPublicKeyInfo((byte[])[0x30, 0x81, .. spki.AsSpan(1)]));
        Assert.Throws<WireException>(() => AttestationKey.FromSubjectPublicKeyInfo(spki.AsMemory(0, spki.Length - 1)));
    }

    [Fact]
    public void A18_Rejects_a_point_off_its_curve()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var spki = key.ExportSubjectPublicKeyInfo();
        spki[^1] ^= 1;
        Assert.Throws<WireException>(() => AttestationKey.FromSubjectPublicKeyInfo(spki));
    }

    [Theory]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(0)]
    public void A18_Rejects_an_ES256_signature_of_another_length(int length)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signature = key.SignData("data"u8, HashAlgorithmName.SHA256);
        var verifier = AttestationKey.FromSubjectPublicKeyInfo(key.ExportSubjectPublicKeyInfo());
        Assert.True(verifier.VerifyEs256("data"u8, signature));
        Assert.False(verifier.VerifyEs256("data"u8, signature.Concat(new byte[2]).Take(length).ToArray()));
    }

    private static EvidenceCase WithSignature(Func<byte[], byte[]> change)
        => new() { Sent = sent => sent with { Quote = sent.Quote! with { Signature = change(sent.Quote.Signature.ToArray()) } } };

    private static byte[] Numbers(byte[] r, byte[] s) => new TpmWriter().Alg(TpmAlg.EcDsa).Alg(TpmAlg.Sha256).Sized(r).Sized(s).ToArray();
}
