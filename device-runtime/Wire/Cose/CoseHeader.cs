using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Cose;

/// <summary>
/// The headers the profile knows: protected 1 alg, 3 content type, 4 kid, 15 CWT claims, 16 typ; unprotected 33 x5chain. Any other is
/// refused, which covers crit (2), an unprotected alg and every header that asks for a meaning we do not give it.
/// </summary>
internal readonly record struct CoseHeader(ReadOnlyMemory<byte> Bytes, ReadOnlyMemory<byte> KeyId, string? Typ, CorimMeta? Corim)
{
    private const int Alg = 1, ContentType = 3, Kid = 4, CwtClaims = 15, TypHeader = 16, X5Chain = 33;

    internal static CoseHeader ReadProtected(StrictCborReader reader)
    {
        var bytes = reader.Rest;
        var map = reader.ReadMap("protected header", 8);
        reader.Key(ref map, Alg, "alg");
        var alg = reader.ReadSigned("alg", -65_536, 0);
        if (alg != CoseSign1.Es256) throw new WireException("alg", reader.Offset, $"{alg}, only ES256 (-7) is allowed");
        var typ = reader.TryKey(ref map, ContentType) ? reader.ReadText("content type", 1) : null;
        var keyId = reader.TryKey(ref map, Kid) ? reader.ReadBytes("kid", Caps.Hash) : default;
        var corim = reader.TryKey(ref map, CwtClaims) ? ReadCorim(ref reader) : null;
        if (typ is not null != corim is not null)
            throw new WireException("protected header", reader.Offset, "content type (3) and CWT claims (15) come only together");
        if (typ is null && reader.TryKey(ref map, TypHeader)) typ = reader.ReadText("typ", 1);
        reader.EndMap(ref map);
        reader.End("protected header");
        return new(bytes, keyId, typ, corim);
    }

    internal static byte[] WriteProtected(ReadOnlyMemory<byte> keyId, string typ, CorimMeta? corim)
    {
        var writer = new StrictCborWriter(stackalloc byte[512]);
        writer.WriteMap(corim is null ? 3 : 4);
        writer.WriteKey(Alg);
        writer.WriteSigned("alg", CoseSign1.Es256, CoseSign1.Es256, CoseSign1.Es256);
        if (corim is not null)
        {
            writer.WriteKey(ContentType);
            writer.WriteText("content type", typ, 1);
        }
        writer.WriteKey(Kid);
        writer.WriteBytes("kid", keyId, Caps.Hash);
        if (corim is null)
        {
            writer.WriteKey(TypHeader);
            writer.WriteText("typ", typ, 1);
        }
        else
        {
            writer.WriteKey(CwtClaims);
            writer.WriteMap(2);
            writer.WriteKey(1);
            writer.WriteText("iss", corim.Issuer, 1);
            writer.WriteKey(4);
            writer.WriteTime("exp", corim.ExpiresAt);
        }
        return writer.ToArray("protected header", Caps.ProtectedHeader);
    }

    internal static IReadOnlyList<ReadOnlyMemory<byte>> ReadUnprotected(ref StrictCborReader reader)
    {
        var map = reader.ReadMap("unprotected header", 1);
        IReadOnlyList<ReadOnlyMemory<byte>> chain = [];
        if (reader.TryKey(ref map, X5Chain)) chain = ReadChain(ref reader);
        reader.EndMap(ref map);
        return chain;
    }

    internal static void WriteUnprotected(ref StrictCborWriter writer, IReadOnlyList<ReadOnlyMemory<byte>> chain)
    {
        writer.WriteMap(chain.Count == 0 ? 0 : 1);
        if (chain.Count == 0) return;
        writer.WriteKey(X5Chain);
        // RFC 9360: one certificate stands alone, several are an array.
        if (chain.Count > 1) writer.WriteArray("x5chain", chain.Count, 2, Caps.CertificateCount);
        foreach (var certificate in chain) writer.WriteBytes("x5chain", certificate, 1, Caps.Certificate);
    }

    /// <summary>RFC 9052 4.4: <c>["Signature1", protected, external AAD (empty), payload]</c>.</summary>
    internal static byte[] SigStructure(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        var writer = new StrictCborWriter(new byte[header.Length + payload.Length + 32]);
        writer.WriteArray(4);
        writer.WriteText("context", "Signature1");
        writer.WriteBytes("protected header", header, 1, Caps.ProtectedHeader);
        writer.WriteBytes("external AAD", [], 0, 0);
        writer.WriteBytes("payload", payload, 1, Caps.Statement);
        return writer.ToArray("Sig_structure", 2 * Caps.Statement);
    }

    private static IReadOnlyList<ReadOnlyMemory<byte>> ReadChain(ref StrictCborReader reader)
    {
        if (reader.PeekMajor("x5chain") == CborMajor.Bytes) return [reader.ReadBytes("x5chain", 1, Caps.Certificate)];
        var chain = new ReadOnlyMemory<byte>[reader.ReadArray("x5chain", 2, Caps.CertificateCount)];
        for (var i = 0; i < chain.Length; i++) chain[i] = reader.ReadBytes("x5chain", 1, Caps.Certificate);
        return chain;
    }

    private static CorimMeta ReadCorim(ref StrictCborReader reader)
    {
        var map = reader.ReadMap("CWT claims", 2);
        reader.Key(ref map, 1, "iss");
        var issuer = reader.ReadText("iss", 1);
        reader.Key(ref map, 4, "exp");
        var expires = reader.ReadTime("exp");
        reader.EndMap(ref map);
        return new(issuer, expires);
    }
}
