namespace TrustMesh.Wire.Tpm;

/// <summary>Reads TPMT_PUBLIC (part 2, 12.2.4) field by field. What it refuses is malformed or nothing this project can hold; whether a
/// key is good enough is the verifier's business (attacks A09, A17).</summary>
internal static class TpmPublicReader
{
    internal static TpmPublic Read(ReadOnlyMemory<byte> bytes, int offset = 0)
    {
        if (bytes.Length > TpmPublic.MaxSize)
            throw new WireException("TPMT_PUBLIC", offset, $"{bytes.Length} bytes, at most {TpmPublic.MaxSize} allowed");
        var reader = new TpmReader(bytes, offset);
        var type = reader.Alg("type");
        if (type is not (TpmAlg.Rsa or TpmAlg.Ecc)) throw new WireException("type", offset, $"{(ushort)type:x4}, expected RSA or ECC");
        var nameAlg = Hash(ref reader, "nameAlg");
        var place = reader.Offset;
        var attributes = (TpmObjectAttributes)reader.U32("objectAttributes");
        if ((attributes & ~TpmObjectAttributes.All) != 0)
            throw new WireException("objectAttributes", place, $"reserved bits in {(uint)attributes:x8}");
        place = reader.Offset;
        var policy = reader.Sized("authPolicy", 64);
        if (!policy.IsEmpty && policy.Length != TpmHash.Size(nameAlg))
            throw new WireException("authPolicy", place, $"{policy.Length} bytes, expected none or {TpmHash.Size(nameAlg)}");
        var (symmetric, symmetricBits) = Symmetric(ref reader);
        var (scheme, schemeHash) = Scheme(ref reader, type);
        var key = type == TpmAlg.Rsa ? Rsa(ref reader) : Ecc(ref reader);
        reader.End("TPMT_PUBLIC");
        return new(type, nameAlg, attributes, policy, symmetric, symmetricBits, scheme, schemeHash,
            key.Bits, key.Modulus, key.Exponent, key.Curve, key.X, key.Y, bytes);
    }

    private record struct Key(
        int Bits, ReadOnlyMemory<byte> Modulus, uint Exponent, TpmCurve Curve, ReadOnlyMemory<byte> X, ReadOnlyMemory<byte> Y);

    private static TpmAlg Hash(ref TpmReader reader, string field)
    {
        var place = reader.Offset;
        var hash = reader.Alg(field);
        return TpmHash.Size(hash) > 0 ? hash : throw new WireException(field, place, $"algorithm {(ushort)hash:x4} is not a hash");
    }

    /// <summary>TPMT_SYM_DEF_OBJECT: null, or AES with its mode.</summary>
    private static (TpmAlg, int) Symmetric(ref TpmReader reader)
    {
        var place = reader.Offset;
        var algorithm = reader.Alg("symmetric.algorithm");
        if (algorithm == TpmAlg.Null) return (algorithm, 0);
        if (algorithm != TpmAlg.Aes) throw new WireException("symmetric.algorithm", place, $"{(ushort)algorithm:x4}, expected AES or null");
        place = reader.Offset;
        int bits = reader.U16("symmetric.keyBits");
        if (bits is not (128 or 192 or 256)) throw new WireException("symmetric.keyBits", place, $"{bits}, expected 128, 192 or 256");
        place = reader.Offset;
        var mode = reader.Alg("symmetric.mode");
        if (mode != TpmAlg.Cfb) throw new WireException("symmetric.mode", place, $"{(ushort)mode:x4}, expected CFB");
        return (algorithm, bits);
    }

    /// <summary>TPMT_RSA_SCHEME and TPMT_ECC_SCHEME (11.2.4.2, 11.2.5.6): RSAES has no details, ECDAA a counter after the hash.</summary>
    private static (TpmAlg, TpmAlg) Scheme(ref TpmReader reader, TpmAlg type)
    {
        var place = reader.Offset;
        var scheme = reader.Alg("scheme");
        var known = scheme is TpmAlg.Null || (type == TpmAlg.Rsa
            ? scheme is TpmAlg.RsaSsa or TpmAlg.RsaEs or TpmAlg.RsaPss or TpmAlg.Oaep
            : scheme is TpmAlg.EcDsa or TpmAlg.Ecdh or TpmAlg.EcDaa or TpmAlg.Sm2 or TpmAlg.EcSchnorr or TpmAlg.EcMqv);
        if (!known) throw new WireException("scheme", place, $"{(ushort)scheme:x4} is no scheme of this key type");
        if (scheme is TpmAlg.Null or TpmAlg.RsaEs) return (scheme, TpmAlg.Null);
        var hash = Hash(ref reader, "scheme.hashAlg");
        if (scheme == TpmAlg.EcDaa) reader.U16("scheme.count");
        return (scheme, hash);
    }

    private static Key Rsa(ref TpmReader reader)
    {
        var place = reader.Offset;
        int bits = reader.U16("keyBits");
        if (bits is not (1024 or 2048 or 3072 or 4096)) throw new WireException("keyBits", place, $"{bits}, expected 1024, 2048, 3072 or 4096");
        place = reader.Offset;
        var exponent = reader.U32("exponent");
        if (exponent is not 0 && (exponent & 1) == 0) throw new WireException("exponent", place, $"{exponent} is even");
        place = reader.Offset;
        var modulus = reader.Sized("unique", bits / 8);
        if (modulus.Length != bits / 8) throw new WireException("unique", place, $"{modulus.Length} bytes, expected {bits / 8}");
        if (modulus.Span[0] < 0x80) throw new WireException("unique", place, $"modulus has fewer than {bits} bits");
        return new(bits, modulus, exponent == 0 ? 65537 : exponent, TpmCurve.None, default, default);
    }

    private static Key Ecc(ref TpmReader reader)
    {
        var place = reader.Offset;
        var curve = (TpmCurve)reader.U16("curveID");
        var bits = curve switch
        {
            TpmCurve.P256 => 256,
            TpmCurve.P384 => 384,
            TpmCurve.P521 => 521,
            _ => throw new WireException("curveID", place, $"{(ushort)curve:x4}, expected P-256, P-384 or P-521"),
        };
        if (reader.Alg("kdf.scheme") != TpmAlg.Null) Hash(ref reader, "kdf.hashAlg");
        var field = (bits + 7) / 8;
        byte[] x = new byte[field], y = new byte[field];
        TpmSignature.ReadNumber(ref reader, "unique.x", x);
        TpmSignature.ReadNumber(ref reader, "unique.y", y);
        return new(bits, default, 0, curve, x, y);
    }
}
