using System.Security.Cryptography;

namespace TrustMesh.Wire.Cose;

/// <summary>COSE key thumbprints (RFC 9679): SHA-256 over the deterministic map of kty, crv, x, y. 32 bytes.</summary>
public static class KeyThumbprint
{
    /// <summary>Bytes of the SubjectPublicKeyInfo (DER) of a P-256 key.</summary>
    public const int SpkiSize = 91;

    private const int Field = 32;

    /// <summary>DER of a P-256 SubjectPublicKeyInfo up to the coordinates, with the byte 04 for an uncompressed point (RFC 5480).</summary>
    private static ReadOnlySpan<byte> SpkiPrefix =>
    [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
        0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
    ];

    /// <summary>Thumbprint of a P-256 public key.</summary>
    public static byte[] Of(ECParameters key)
    {
        if (key.Q.X is not { Length: Field } x || key.Q.Y is not { Length: Field } y)
            throw new ArgumentException("Only P-256 keys have a thumbprint here.", nameof(key));
        var thumbprint = new byte[Caps.Hash];
        Hash(x, y, thumbprint);
        return thumbprint;
    }

    /// <summary>
    /// Thumbprint of the P-256 key in a SubjectPublicKeyInfo (DER), into 32 bytes, without building the key. False for any other key or
    /// encoding. That the point lies on the curve is for whoever uses the key to check; TLS did.
    /// </summary>
    public static bool TryOfSpki(ReadOnlySpan<byte> subjectPublicKeyInfo, Span<byte> thumbprint)
    {
        if (subjectPublicKeyInfo.Length != SpkiPrefix.Length + 2 * Field || !subjectPublicKeyInfo.StartsWith(SpkiPrefix)) return false;
        var point = subjectPublicKeyInfo[SpkiPrefix.Length..];
        Hash(point[..Field], point[Field..], thumbprint);
        return true;
    }

    private static void Hash(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y, Span<byte> thumbprint)
    {
        // {1 kty: 2 EC2, -1 crv: 1 P-256, -2 x: bstr, -3 y: bstr}
        Span<byte> map = stackalloc byte[5 + 2 * (3 + Field)];
        ReadOnlySpan<byte> start = [0xa4, 0x01, 0x02, 0x20, 0x01];
        start.CopyTo(map);
        Put(map[5..], 0x21, x);
        Put(map[(8 + Field)..], 0x22, y);
        SHA256.HashData(map, thumbprint);
    }

    private static void Put(Span<byte> to, byte key, ReadOnlySpan<byte> coordinate)
    {
        to[0] = key;
        to[1] = 0x58;
        to[2] = Field;
        coordinate.CopyTo(to[3..]);
    }
}
