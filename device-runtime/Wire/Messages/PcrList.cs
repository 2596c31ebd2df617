using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Messages;

/// <summary>Which registers, of which bank: at least one, ascending, below 24; the bank is SHA-256 (attacks A07, A08, A17).</summary>
internal static class PcrList
{
    private const ushort Sha256 = 0x000b;

    internal static void WriteBank(ref StrictCborWriter writer, ushort bank) => writer.WriteInt64("bank", bank, Sha256, Sha256);

    internal static ushort ReadBank(ref StrictCborReader reader) => (ushort)reader.ReadInt32("bank", Sha256, Sha256);

    internal static void Write(ref StrictCborWriter writer, IReadOnlyList<int> pcrs)
    {
        writer.WriteArray("pcrs", pcrs.Count, 1, Caps.PcrCount);
        var previous = -1;
        foreach (var pcr in pcrs)
        {
            writer.WriteInt64("pcr", pcr, previous + 1, Caps.PcrCount - 1);
            previous = pcr;
        }
    }

    internal static int[] Read(ref StrictCborReader reader)
    {
        var pcrs = new int[reader.ReadArray("pcrs", 1, Caps.PcrCount)];
        for (var i = 0; i < pcrs.Length; i++) pcrs[i] = reader.ReadInt32("pcr", i == 0 ? 0 : pcrs[i - 1] + 1, Caps.PcrCount - 1);
        return pcrs;
    }
}
