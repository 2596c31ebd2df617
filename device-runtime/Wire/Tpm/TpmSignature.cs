namespace TrustMesh.Wire.Tpm;

/// <summary>TPMT_SIGNATURE (part 2, 11.3.4), parsed and not verified.</summary>
/// <param name="Value">RSA: the signature. ECDSA: <c>r ‖ s</c>, each padded to the field size given when decoding.</param>
public sealed record TpmSignature(TpmAlg Scheme, TpmAlg Hash, ReadOnlyMemory<byte> Value)
{
    /// <summary>Bytes of an RSA-4096 signature.</summary>
    private const int MaxRsa = 512;

    /// <summary>Reads a TPMT_SIGNATURE; <paramref name="fieldSize"/> is 32 for P-256, 48 for P-384, ignored for RSA. Schemes other than
    /// RSASSA, RSAPSS and ECDSA are refused, so are trailing bytes and numbers longer than the field (attack A18).</summary>
    public static TpmSignature Decode(ReadOnlyMemory<byte> bytes, int fieldSize)
    {
        var reader = new TpmReader(bytes);
        var scheme = reader.Alg("sigAlg");
        if (scheme is not (TpmAlg.RsaSsa or TpmAlg.RsaPss or TpmAlg.EcDsa))
            throw new WireException("sigAlg", 0, $"scheme {(ushort)scheme:x4}, expected RSASSA, RSAPSS or ECDSA");
        var hash = reader.Alg("hash");
        if (TpmHash.Size(hash) == 0) throw new WireException("hash", 2, $"algorithm {(ushort)hash:x4} is not a hash");

        ReadOnlyMemory<byte> value;
        if (scheme == TpmAlg.EcDsa)
        {
            var padded = new byte[2 * fieldSize];
            ReadNumber(ref reader, "signatureR", padded.AsSpan(0, fieldSize));
            ReadNumber(ref reader, "signatureS", padded.AsSpan(fieldSize));
            value = padded;
        }
        else
        {
            value = reader.Sized("sig", MaxRsa);
            if (value.IsEmpty) throw new WireException("sig", 4, "empty");
        }
        reader.End("TPMT_SIGNATURE");
        return new(scheme, hash, value);
    }

    /// <summary>The structure with every number at full width, whatever the TPM did with leading zeros.</summary>
    public byte[] Encode()
    {
        var writer = new TpmWriter().Alg(Scheme).Alg(Hash);
        if (Scheme != TpmAlg.EcDsa) return writer.Sized(Value.Span).ToArray();
        var half = Value.Length / 2;
        return writer.Sized(Value.Span[..half]).Sized(Value.Span[half..]).ToArray();
    }

    /// <summary>TPMs write numbers at full width or without leading zeros: those two forms are read, nothing between.</summary>
    internal static void ReadNumber(ref TpmReader reader, string field, Span<byte> padded)
    {
        var place = reader.Offset;
        var number = reader.Sized(field, padded.Length).Span;
        if (number.IsEmpty) throw new WireException(field, place, "empty");
        if (number.Length < padded.Length && number[0] == 0) throw new WireException(field, place, "leading zero in a shortened number");
        number.CopyTo(padded[(padded.Length - number.Length)..]);
    }
}
