namespace TrustMesh.Wire.Tpm;

/// <summary>
/// TPMS_ATTEST (part 2, 10.12.12), parsed and not verified. Magic and type are kept as they came: judging them is the verifier's
/// business (attacks A03, A04). For a type other than quote the body is kept as bytes and <paramref name="Selections"/> is empty.
/// </summary>
/// <param name="Clock">Milliseconds the TPM was powered.</param>
/// <param name="Safe">TPMS_CLOCK_INFO.safe, 0 or 1.</param>
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

    /// <summary>Reads a TPMS_ATTEST to its last byte; throws <see cref="WireException"/>. A structure with another magic is parsed no
    /// further than the magic: the rest stays empty.</summary>
    public static TpmAttest Decode(ReadOnlyMemory<byte> bytes) => throw new NotImplementedException();
}
