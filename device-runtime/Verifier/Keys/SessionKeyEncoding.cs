using System.Security.Cryptography;

namespace TrustMesh.Verifier;

/// <summary>Session keys are P-256, and their SubjectPublicKeyInfo has one DER encoding of fixed shape: no parser is needed.</summary>
internal static class SessionKeyEncoding
{
    // SEQUENCE { SEQUENCE { id-ecPublicKey, prime256v1 }, BIT STRING uncompressed point }, up to and with the 04 of the point.
    private static ReadOnlySpan<byte> Prefix =>
    [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
        0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
    ];

    /// <summary>RFC 9679 thumbprint into 32 bytes; false if the SPKI is not that of a P-256 key.</summary>
    public static bool TryThumbprint(ReadOnlySpan<byte> spki, Span<byte> thumbprint)
    {
        if (spki.Length != Prefix.Length + 64 || !spki.StartsWith(Prefix)) return false;
        // The deterministic map {1: 2, -1: 1, -2: x, -3: y}.
        ReadOnlySpan<byte> head = [0xa4, 0x01, 0x02, 0x20, 0x01, 0x21, 0x58, 0x20], middle = [0x22, 0x58, 0x20];
        Span<byte> map = stackalloc byte[8 + 32 + 3 + 32];
        head.CopyTo(map);
        spki.Slice(Prefix.Length, 32).CopyTo(map[8..]);
        middle.CopyTo(map[40..]);
        spki[(Prefix.Length + 32)..].CopyTo(map[43..]);
        SHA256.HashData(map, thumbprint);
        return true;
    }
}
