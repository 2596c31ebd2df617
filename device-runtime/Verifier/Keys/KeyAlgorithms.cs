using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using TrustMesh.Wire;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Verifier;

/// <summary>The allow-list of attack A17: which keys, schemes and hashes may sign evidence. Whatever is not here is refused.</summary>
internal static class KeyAlgorithms
{
    public const int LeastRsaBits = 2048, MostRsaBits = 4096;

    private const string EcPublicKey = "1.2.840.10045.2.1", RsaEncryption = "1.2.840.113549.1.1.1", P256 = "1.2.840.10045.3.1.7", P384 = "1.3.132.0.34";

    public static void Require(TpmAlg type, int bits, BigInteger exponent)
    {
        var good = type switch
        {
            TpmAlg.Ecc => bits is 256 or 384,
            TpmAlg.Rsa => bits is >= LeastRsaBits and <= MostRsaBits && exponent >= 65537 && !exponent.IsEven,
            _ => false,
        };
        if (!good) throw new WireException("public key", 0, $"{type} {bits} is not allowed; use P-256, P-384 or RSA 2048 to 4096 with exponent 65537");
    }

    public static void RequireScheme(TpmAlg type, TpmAlg scheme, TpmAlg hash)
    {
        if (scheme != TpmAlg.Null && !Fits(type, scheme, hash))
            throw new WireException("scheme", 0, $"{scheme} with {hash} is not allowed; use ECDSA, RSASSA or RSAPSS with SHA-256 or SHA-384");
    }

    public static bool Fits(TpmAlg type, TpmAlg scheme, TpmAlg hash)
        => hash is TpmAlg.Sha256 or TpmAlg.Sha384
           && (type == TpmAlg.Ecc ? scheme == TpmAlg.EcDsa : type == TpmAlg.Rsa && scheme is TpmAlg.RsaSsa or TpmAlg.RsaPss);

    /// <summary>Kind and size of a SubjectPublicKeyInfo; throws <see cref="WireException"/> unless it is the one DER encoding of an allowed key.</summary>
    public static (TpmAlg Type, int Bits) Read(ReadOnlyMemory<byte> spki)
    {
        try
        {
            var outer = new AsnReader(spki, AsnEncodingRules.DER);
            var info = outer.ReadSequence();
            outer.ThrowIfNotEmpty();
            var algorithm = info.ReadSequence();
            var key = info.ReadBitString(out var unused);
            info.ThrowIfNotEmpty();
            var oid = algorithm.ReadObjectIdentifier();
            if (oid == RsaEncryption) algorithm.ReadNull();
            var curve = oid == EcPublicKey ? algorithm.ReadObjectIdentifier() : "";
            algorithm.ThrowIfNotEmpty();
            if (unused != 0) throw new WireException("subjectPublicKey", 0, "unused bits");
            return oid == RsaEncryption ? ReadRsa(key) : ReadEcc(oid, curve, key);
        }
        catch (AsnContentException bad)
        {
            throw new WireException("SubjectPublicKeyInfo", 0, $"not DER: {bad.Message}");
        }
    }

    public static string Describe(TpmAlg type, int bits, TpmAlg scheme, TpmAlg hash)
    {
        var key = type == TpmAlg.Ecc ? $"P-{bits}" : $"RSA-{bits}";
        var name = scheme switch { TpmAlg.EcDsa => " ECDSA", TpmAlg.RsaSsa => " RSASSA", TpmAlg.RsaPss => " RSAPSS", _ => "" };
        return key + name + (hash == TpmAlg.Null ? "" : " " + Describe(hash));
    }

    public static string Describe(TpmAlg hash) => hash switch
    {
        TpmAlg.Sha1 => "SHA-1", TpmAlg.Sha256 => "SHA-256", TpmAlg.Sha384 => "SHA-384", TpmAlg.Sha512 => "SHA-512", _ => $"algorithm {(ushort)hash:x4}",
    };

    private static (TpmAlg, int) ReadRsa(byte[] key)
    {
        var outer = new AsnReader(key, AsnEncodingRules.DER);
        var numbers = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        var modulus = numbers.ReadInteger();
        var exponent = numbers.ReadInteger();
        numbers.ThrowIfNotEmpty();
        var bits = modulus.Sign > 0 ? (int)modulus.GetBitLength() : 0;
        Require(TpmAlg.Rsa, bits, exponent);
        return (TpmAlg.Rsa, bits);
    }

    private static (TpmAlg, int) ReadEcc(string oid, string curve, byte[] key)
    {
        var bits = oid != EcPublicKey ? 0 : curve switch { P256 => 256, P384 => 384, _ => 0 };
        Require(TpmAlg.Ecc, bits, 0);
        if (key.Length != 1 + bits / 4 || key[0] != 4) throw new WireException("subjectPublicKey", 0, "not an uncompressed point");
        return (TpmAlg.Ecc, bits);
    }
}
