using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Parts;

/// <summary>Every field of a TPMS_ATTEST of type quote, to be changed one at a time before it is signed.</summary>
public sealed record AttestShape(
    uint Magic,
    ushort Type,
    byte[] ExtraData,
    ulong Clock,
    uint ResetCount,
    uint RestartCount,
    byte Safe,
    ulong FirmwareVersion,
    IReadOnlyList<PcrSelection> Selections,
    byte[] PcrDigest)
{
    /// <summary>Bytes put behind the structure.</summary>
    public byte[] Trailing { get; init; } = [];

    public byte[] Encode()
    {
        var writer = new TpmWriter().U32(Magic).U16(Type).Sized(new byte[34]).Sized(ExtraData)
            .U64(Clock).U32(ResetCount).U32(RestartCount).U8(Safe).U64(FirmwareVersion).U32((uint)Selections.Count);
        foreach (var selection in Selections)
        {
            var map = new byte[3];
            foreach (var pcr in selection.Pcrs) map[pcr / 8] |= (byte)(1 << pcr % 8);
            writer.Alg(selection.Bank).U8(3).Bytes(map);
        }
        return writer.Sized(PcrDigest).Bytes(Trailing).ToArray();
    }
}
