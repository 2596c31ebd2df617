namespace TrustMesh.Wire.Tpm;

/// <summary>
/// TPMS_ATTEST (part 2, 10.12.12), parsed and not verified. Magic and type are kept as they came: judging them is the verifier's
/// business (attacks A03, A04). For a type other than quote the body is kept as bytes and <paramref name="Selections"/> is empty.
/// </summary>
/// <param name="Clock">Milliseconds the TPM was powered.</param>
/// <param name="Safe">TPMS_CLOCK_INFO.safe, 0 or 1.</param>
/// <param name="PcrDigest">Hash (of the signing scheme) over the selected values; empty unless a quote.</param>
/// <param name="Body">TPMU_ATTEST as bytes; empty for another magic.</param>
public sealed record TpmAttest(
    uint Magic,
    ushort Type,
    ReadOnlyMemory<byte> QualifiedSigner,
    ReadOnlyMemory<byte> ExtraData,
    ulong Clock,
    uint ResetCount,
    uint RestartCount,
    bool Safe,
    ulong FirmwareVersion,
    IReadOnlyList<PcrSelection> Selections,
    ReadOnlyMemory<byte> PcrDigest,
    ReadOnlyMemory<byte> Body)
{
    /// <summary>TPM_GENERATED_VALUE.</summary>
    public const uint Generated = 0xff544347;

    /// <summary>TPM_ST_ATTEST_QUOTE.</summary>
    public const ushort Quote = 0x8018;

    /// <summary>TPM_ST_ATTEST_CERTIFY.</summary>
    public const ushort Certify = 0x8017;

    /// <summary>Bytes of the longest structure that is read (PROTOCOL.md section 1).</summary>
    public const int MaxSize = 1024;

    /// <summary>Largest TPM2B_NAME: algorithm and SHA-512.</summary>
    private const int MaxName = 66;

    /// <summary>Largest TPM2B_DATA: sizeof(TPMT_HA) with SHA-512.</summary>
    private const int MaxExtraData = 66;

    /// <summary>Reads a TPMS_ATTEST to its last byte; throws <see cref="WireException"/>. A structure with another magic is parsed no
    /// further than the magic: the rest stays empty.</summary>
    public static TpmAttest Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > MaxSize) throw new WireException("TPMS_ATTEST", 0, $"{bytes.Length} bytes, at most {MaxSize} allowed");
        var reader = new TpmReader(bytes);
        var magic = reader.U32("magic");
        if (magic != Generated) return new(magic, 0, default, default, 0, 0, 0, false, 0, [], default, default);

        var type = reader.U16("type");
        var signer = reader.Sized("qualifiedSigner", MaxName);
        var extraData = reader.Sized("extraData", MaxExtraData);
        var clock = reader.U64("clockInfo.clock");
        var resetCount = reader.U32("clockInfo.resetCount");
        var restartCount = reader.U32("clockInfo.restartCount");
        var place = reader.Offset;
        var safe = reader.U8("clockInfo.safe");
        if (safe > 1) throw new WireException("clockInfo.safe", place, $"{safe}, expected 0 or 1");
        var firmware = reader.U64("firmwareVersion");
        var body = bytes[reader.Offset..];
        if (type != Quote) return new(magic, type, signer, extraData, clock, resetCount, restartCount, safe == 1, firmware, [], default, body);

        var selections = PcrSelection.ReadList(ref reader);
        var digest = reader.Sized("pcrDigest", 64);
        reader.End("TPMS_ATTEST");
        return new(magic, type, signer, extraData, clock, resetCount, restartCount, safe == 1, firmware, selections, digest, body);
    }
}
