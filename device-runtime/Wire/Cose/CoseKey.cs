using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Wire.Cbor;
using TrustMesh.Wire.Passkeys;

namespace TrustMesh.Wire.Cose;

/// <summary>COSE_Key (RFC 9052 7, RFC 9053 7.1, RFC 8230 4) of a public key; outside the wire it is a SubjectPublicKeyInfo (DER).</summary>
internal static class CoseKey
{
    private const int Kty = 1, Alg = 3, Ec2 = 2, Rsa = 3, P256 = 1, P384 = 2;
    private const int MinModulus = 256, MaxModulus = 512, MaxExponent = 4;

    internal static void Write(ref StrictCborWriter writer, ReadOnlySpan<byte> subjectPublicKeyInfo)
    {
        var key = PublicKey.CreateFromSubjectPublicKeyInfo(subjectPublicKeyInfo, out _);
        using var ec = key.GetECDsaPublicKey();
        if (ec is not null)
        {
            WriteEc(ref writer, ec.ExportParameters(false));
            return;
        }
        using var rsa = key.GetRSAPublicKey() ?? throw new ArgumentException("The key is neither an elliptic curve key nor RSA.");
        var parameters = rsa.ExportParameters(false);
        writer.WriteMap(3);
        writer.WriteKey(Kty);
        writer.WriteKey(Rsa);
        writer.WriteKey(-1);
        writer.WriteBytes("n", parameters.Modulus, MinModulus, MaxModulus);
        writer.WriteKey(-2);
        writer.WriteBytes("e", parameters.Exponent, 1, MaxExponent);
    }

    /// <summary>The SubjectPublicKeyInfo (DER) of the key that comes next.</summary>
    internal static byte[] Read(ref StrictCborReader reader) => Read(ref reader, algorithm: false).SubjectPublicKeyInfo.ToArray();

    /// <summary>A passkey's key, which names its algorithm (WebAuthn 3, 6.5.1.1): ES256 on P-256 or RS256, and the key has to be of that kind.</summary>
    internal static PasskeyKey ReadPasskey(ref StrictCborReader reader)
    {
        var start = reader.Offset;
        var key = Read(ref reader, algorithm: true);
        var size = key.SubjectPublicKeyInfo.Length;
        if (key.Algorithm == PasskeyKey.Es256 && size != KeyThumbprint.SpkiSize) throw new WireException("COSE_Key", start, "ES256 needs P-256");
        return key;
    }

    private static PasskeyKey Read(ref StrictCborReader reader, bool algorithm)
    {
        var start = reader.Offset;
        var map = reader.ReadMap("COSE_Key", algorithm ? 5 : 4);
        reader.Key(ref map, Kty, "kty");
        var kty = reader.ReadInt32("kty", Ec2, Rsa);
        var alg = 0;
        if (algorithm)
        {
            reader.Key(ref map, Alg, "alg");
            alg = reader.ReadSigned("alg", short.MinValue, short.MaxValue);
            if (alg != (kty == Ec2 ? PasskeyKey.Es256 : PasskeyKey.Rs256)) throw new WireException("alg", start, $"{alg} is not allowed for this kind of key");
        }
        try
        {
            var spki = kty == Ec2 ? ReadEc(ref reader, ref map) : ReadRsa(ref reader, ref map);
            reader.EndMap(ref map);
            return new(alg, spki);
        }
        catch (CryptographicException)
        {
            throw new WireException("COSE_Key", start, "not a public key: the point is not on the curve, or the modulus is out of range");
        }
    }

    private static void WriteEc(ref StrictCborWriter writer, ECParameters key)
    {
        var size = key.Q.X!.Length;
        var curve = size switch { 32 => P256, 48 => P384, _ => throw new ArgumentException("Only P-256 and P-384 are allowed.") };
        writer.WriteMap(4);
        writer.WriteKey(Kty);
        writer.WriteKey(Ec2);
        writer.WriteKey(-1);
        writer.WriteKey(curve);
        writer.WriteKey(-2);
        writer.WriteBytes("x", key.Q.X, size);
        writer.WriteKey(-3);
        writer.WriteBytes("y", key.Q.Y, size);
    }

    private static byte[] ReadEc(ref StrictCborReader reader, ref CborMap map)
    {
        reader.Key(ref map, -1, "crv");
        var curve = reader.ReadInt32("crv", P256, P384);
        var size = curve == P256 ? 32 : 48;
        reader.Key(ref map, -2, "x");
        var x = reader.ReadBytes("x", size);
        reader.Key(ref map, -3, "y");
        var y = reader.ReadBytes("y", size);
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = curve == P256 ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384,
            Q = new() { X = x.ToArray(), Y = y.ToArray() },
        });
        return key.ExportSubjectPublicKeyInfo();
    }

    private static byte[] ReadRsa(ref StrictCborReader reader, ref CborMap map)
    {
        reader.Key(ref map, -1, "n");
        var modulus = ReadUnsigned(ref reader, "n", MinModulus, MaxModulus);
        reader.Key(ref map, -2, "e");
        var exponent = ReadUnsigned(ref reader, "e", 1, MaxExponent);
        using var key = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = exponent });
        return key.ExportSubjectPublicKeyInfo();
    }

    private static byte[] ReadUnsigned(ref StrictCborReader reader, string field, int min, int max)
    {
        var start = reader.Offset;
        var value = reader.ReadBytes(field, min, max);
        return value.Span[0] != 0 ? value.ToArray() : throw new WireException(field, start, "leading zero byte");
    }
}
