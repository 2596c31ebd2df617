using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Roots.Tpm;

public sealed partial class TpmDevice
{
    /// <summary>TPM2_PCR_Extend, 22.2, in the SHA-256 bank.</summary>
    public void PcrExtend(int pcr, ReadOnlySpan<byte> digest)
    {
        var command = new TpmCommand(TpmCommandCode.PcrExtend).On((uint)pcr, TpmHandle.Password);
        command.Parameters.U32(1).Alg(TpmAlg.Sha256).Bytes(digest);
        Nothing(Run(command), "PCR_Extend");
    }

    /// <summary>TPM2_PCR_Read, 22.4: SHA-256 values, ascending. A TPM hands out eight at a time; registers may move between two reads.</summary>
    public IReadOnlyList<PcrValue> PcrRead(IReadOnlyList<int> pcrs)
    {
        var values = new List<PcrValue>(pcrs.Count);
        while (values.Count < pcrs.Count)
        {
            var asked = pcrs.Skip(values.Count).ToArray();
            var command = new TpmCommand(TpmCommandCode.PcrRead);
            new PcrSelection(TpmAlg.Sha256, asked).WriteList(command.Parameters);
            var reader = new TpmReader(Run(command).Parameters);
            reader.U32("pcrUpdateCounter");
            var read = PcrSelection.ReadList(ref reader) is [{ Bank: TpmAlg.Sha256 } one] ? one.Pcrs : [];
            var place = reader.Offset;
            var count = reader.U32("pcrValues.count");
            if (read.Count == 0 || count != read.Count || count > asked.Length || !read.SequenceEqual(asked.Take(read.Count)))
                throw new WireException("pcrValues", place, $"{count} values for {read.Count} registers of {asked.Length} asked for");
            foreach (var pcr in read)
            {
                place = reader.Offset;
                var value = reader.Sized("pcrValue", 32);
                if (value.Length != 32) throw new WireException("pcrValue", place, $"{value.Length} bytes, expected 32");
                values.Add(new(pcr, value));
            }
            reader.End("PCR_Read");
        }
        return values;
    }
}
