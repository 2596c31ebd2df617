using System.Security.Cryptography;
using TrustMesh.Wire;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Wire.Tpm;

/// <summary>Golden bytes first, then everything that is one step away from them and must be refused.</summary>
public sealed class TpmStructureTests
{
    // TPM2_Quote of swtpm over SHA-256 PCR 0,1,2 (Parsec test vector, veraison-services).
    private const string Quote =
        "ff54434780180022000ba20b9e12fb4e0507f1d7af4a9492943cbeae881db7cefe040edfe487eff354f50008deadbeefdeadbeef000000001addb3cf090c7577" +
        "fd889dce01584f8ef327bcafba00000001000b0307000000202ea9ab9198d1638007400cd2c3bef1cc745b864b76011a0e1bc52180ac6452d4";

    private const string Signature =
        "0018000b0020a771b57d791fdc8269d64f3727ca0ffd55d53e7e22fc6d9fecf7eb2bff27a706002016bea7499f78d61ae31e2569f771abbfb86619dd0e6ccac9" +
        "cc664ce62a629929";

    // The key that the certify vector of the same set is about.
    private const string EccPublic =
        "0023000b00040072000000100018000b000300100020a907c3c02102a2549c84a2b8b2130e9f6966719391a4c72a357795a1f95e838a0020458248addff3f4ac" +
        "ddb64bd2928f69b811ff0d862e33e788a0704b6aa8295020";

    [Fact]
    public void Golden_quote()
    {
        var attest = TpmAttest.Decode(Convert.FromHexString(Quote));
        Assert.Equal((TpmAttest.Generated, TpmAttest.Quote, 450737103ul, true), (attest.Magic, attest.Type, attest.Clock, attest.Safe));
        Assert.Equal([0, 1, 2], Assert.Single(attest.Selections).Pcrs);
    }

    [Fact]
    public void Golden_public_key()
    {
        var key = TpmPublic.Decode(Convert.FromHexString(EccPublic));
        Assert.Equal((TpmAlg.Ecc, TpmAlg.Sha256, TpmAlg.EcDsa, TpmAlg.Sha256, TpmCurve.P256), (key.Type, key.NameAlg, key.Scheme, key.SchemeHash, key.Curve));
        Assert.Equal("000b66bcc269216a672b65c5074330e9a890d3ffd2ed78ae12a2986af6290e057ba4", Convert.ToHexStringLower(key.Name()));
    }

    [Theory]
    [InlineData(Quote)]
    [InlineData(Signature)]
    [InlineData(EccPublic)]
    public void Every_truncation_and_every_extra_byte_is_refused_with_a_place(string hex)
    {
        var whole = Convert.FromHexString(hex);
        for (var length = 0; length < whole.Length; length++)
        {
            var refused = Assert.Throws<WireException>(() => Decode(hex, whole.AsMemory(0, length)));
            Assert.InRange(refused.Offset, 0, length);
        }
        Assert.Equal(whole.Length, Assert.Throws<WireException>(() => Decode(hex, (byte[])[.. whole, 0])).Offset);
    }

    [Theory]
    [InlineData(Quote, 6, "0044", "qualifiedSigner")]
    [InlineData(Quote, 42, "0043", "extraData")]
    [InlineData(Quote, 68, "02", "clockInfo.safe")]
    [InlineData(Quote, 77, "ffffffff", "pcrSelect.count")]
    [InlineData(Quote, 83, "02", "pcrSelect.sizeofSelect")]
    [InlineData(Quote, 83, "05", "pcrSelect.sizeofSelect")]
    [InlineData(Quote, 87, "0041", "pcrDigest")]
    [InlineData(Signature, 0, "0005", "sigAlg")]
    [InlineData(Signature, 2, "0010", "hash")]
    [InlineData(Signature, 4, "0021", "signatureR")]
    [InlineData(Signature, 4, "0000", "signatureR")]
    [InlineData(EccPublic, 0, "0008", "type")]
    [InlineData(EccPublic, 2, "0010", "nameAlg")]
    [InlineData(EccPublic, 4, "80040072", "objectAttributes")]
    [InlineData(EccPublic, 8, "0001", "authPolicy")]
    [InlineData(EccPublic, 10, "0013", "symmetric.algorithm")]
    [InlineData(EccPublic, 12, "0014", "scheme")]
    [InlineData(EccPublic, 14, "0010", "scheme.hashAlg")]
    [InlineData(EccPublic, 16, "0010", "curveID")]
    [InlineData(EccPublic, 18, "0020", "kdf.hashAlg")]
    [InlineData(EccPublic, 20, "0021", "unique.x")]
    public void One_changed_field_is_refused_by_its_name(string hex, int at, string replacement, string field)
    {
        var bytes = Convert.FromHexString(hex);
        Convert.FromHexString(replacement).CopyTo(bytes, at);
        Assert.Equal(field, Assert.Throws<WireException>(() => Decode(hex, bytes)).Field);
    }

    [Fact]
    public void Another_magic_is_read_no_further()
    {
        var attest = TpmAttest.Decode(Convert.FromHexString("deadbeef8018"));
        Assert.Equal((0xdeadbeef, (ushort)0, true), (attest.Magic, attest.Type, attest.Body.IsEmpty));
    }

    [Fact]
    public void An_oversized_attestation_is_refused_before_it_is_read()
        => Assert.Equal(0, Assert.Throws<WireException>(() => TpmAttest.Decode(new byte[TpmAttest.MaxSize + 1])).Offset);

    [Fact]
    public void Numbers_are_read_at_full_width_or_without_leading_zeros_and_nothing_between()
    {
        var s = new byte[32];
        s[0] = 9;
        byte[] Build(ReadOnlySpan<byte> r) => new TpmWriter().Alg(TpmAlg.EcDsa).Alg(TpmAlg.Sha256).Sized(r).Sized(s).ToArray();

        var full = new byte[32];
        full[31] = 7;
        var fromFull = TpmSignature.Decode(Build(full), 32);
        var fromShort = TpmSignature.Decode(Build([7]), 32);
        Assert.Equal(fromFull.Value.ToArray(), fromShort.Value.ToArray());
        Assert.Equal(fromFull.Encode(), fromShort.Encode());
        Assert.Equal("signatureR", Assert.Throws<WireException>(() => TpmSignature.Decode(Build([0, 7]), 32)).Field);
    }

    [Fact]
    public void A_public_area_is_found_with_and_without_its_size()
    {
        var bare = Convert.FromHexString(EccPublic);
        byte[] sized = [0, (byte)bare.Length, .. bare];
        Assert.Equal(TpmPublic.DecodeEither(bare).Name(), TpmPublic.DecodeEither(sized).Name());
        Assert.Equal("authPolicy", Assert.Throws<WireException>(() => TpmPublic.DecodeEither((byte[])[0, (byte)bare.Length, .. bare[..8], 0, 1, .. bare[10..]])).Field);
        Assert.Throws<WireException>(() => TpmPublic.DecodeEither((byte[])[.. sized, 0]));
    }

    [Theory]
    [InlineData(2048, TpmCurve.None)]
    [InlineData(0, TpmCurve.P256)]
    [InlineData(0, TpmCurve.P384)]
    [InlineData(0, TpmCurve.P521)]
    public void SubjectPublicKeyInfo_is_what_the_framework_writes(int rsaBits, TpmCurve curve)
    {
        var writer = new TpmWriter();
        byte[] expected;
        if (rsaBits > 0)
        {
            using var rsa = RSA.Create(rsaBits);
            expected = rsa.ExportSubjectPublicKeyInfo();
            writer.Alg(TpmAlg.Rsa).Alg(TpmAlg.Sha256).U32(0x00050072).Sized([]).Alg(TpmAlg.Null).Alg(TpmAlg.Null)
                .U16((ushort)rsaBits).U32(0).Sized(rsa.ExportParameters(false).Modulus);
        }
        else
        {
            using var ecdsa = ECDsa.Create(curve switch { TpmCurve.P256 => ECCurve.NamedCurves.nistP256, TpmCurve.P384 => ECCurve.NamedCurves.nistP384, _ => ECCurve.NamedCurves.nistP521 });
            expected = ecdsa.ExportSubjectPublicKeyInfo();
            var q = ecdsa.ExportParameters(false).Q;
            writer.Alg(TpmAlg.Ecc).Alg(TpmAlg.Sha256).U32(0x00050072).Sized([]).Alg(TpmAlg.Null).Alg(TpmAlg.Null)
                .U16((ushort)curve).Alg(TpmAlg.Null).Sized(q.X).Sized(q.Y);
        }
        Assert.Equal(expected, TpmPublic.Decode(writer.ToArray()).ToSubjectPublicKeyInfo());
    }

    [Theory]
    [InlineData("0001 000b 00050072 0000 0010 0010 0200 00000000 0040", "keyBits")]
    [InlineData("0001 000b 00050072 0000 0010 0010 0800 00000004 0100", "exponent")]
    [InlineData("0001 000b 00050072 0000 0010 0010 0800 00000000 0001 80", "unique")]
    [InlineData("0001 000b 00050072 0000 0010 0018 000b 0800 00000000", "scheme")]
    [InlineData("0001 000b 00030072 0000 0006 0081 0043 0010 0800", "symmetric.keyBits")]
    [InlineData("0001 000b 00030072 0000 0006 0080 0044 0010 0800", "symmetric.mode")]
    public void Odd_RSA_keys_are_refused_by_field(string hex, string field)
        => Assert.Equal(field, Assert.Throws<WireException>(() => TpmPublic.Decode(Convert.FromHexString(hex.Replace(" ", "")))).Field);

    private static object Decode(string kind, ReadOnlyMemory<byte> bytes) => kind switch
    {
        Quote => TpmAttest.Decode(bytes),
        Signature => TpmSignature.Decode(bytes, 32),
        _ => TpmPublic.Decode(bytes),
    };
}
