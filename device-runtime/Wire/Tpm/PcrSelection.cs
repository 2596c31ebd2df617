namespace TrustMesh.Wire.Tpm;

/// <summary>TPMS_PCR_SELECTION (part 2, 10.6.2): one bank and the registers chosen in it, ascending.</summary>
public sealed record PcrSelection(TpmAlg Bank, IReadOnlyList<int> Pcrs)
{
    /// <summary>Banks a TPML_PCR_SELECTION may have (HASH_COUNT of the largest TPMs).</summary>
    public const int MaxBanks = 16;

    /// <summary>Reads a TPML_PCR_SELECTION. Order and repetition are kept: judging them is the verifier's business (attack A07).</summary>
    public static IReadOnlyList<PcrSelection> ReadList(ref TpmReader reader)
    {
        var place = reader.Offset;
        var count = reader.U32("pcrSelect.count");
        if (count > MaxBanks) throw new WireException("pcrSelect.count", place, $"{count} banks, at most {MaxBanks} allowed");
        var list = new PcrSelection[count];
        for (var i = 0; i < list.Length; i++) list[i] = Read(ref reader);
        return list;
    }

    /// <summary>Writes a TPML_PCR_SELECTION with this one bank and a bitmap of 3 bytes (PCR 0 to 23).</summary>
    public void WriteList(TpmWriter writer)
    {
        Span<byte> map = stackalloc byte[3];
        foreach (var pcr in Pcrs)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)pcr, 23u, nameof(Pcrs));
            map[pcr >> 3] |= (byte)(1 << (pcr & 7));
        }
        writer.U32(1).Alg(Bank).U8(3).Bytes(map);
    }

    private static PcrSelection Read(ref TpmReader reader)
    {
        var bank = reader.Alg("pcrSelect.hash");
        var place = reader.Offset;
        int size = reader.U8("pcrSelect.sizeofSelect");
        if (size is < 3 or > 4) throw new WireException("pcrSelect.sizeofSelect", place, $"{size}, expected 3 or 4");
        var map = reader.Take("pcrSelect.pcrSelect", size).Span;
        var chosen = 0;
        foreach (var b in map) chosen += byte.PopCount(b);
        var pcrs = new int[chosen];
        for (int pcr = 0, i = 0; i < chosen; pcr++)
            if ((map[pcr >> 3] >> (pcr & 7) & 1) != 0) pcrs[i++] = pcr;
        return new(bank, pcrs);
    }
}
