using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Messages;

/// <summary>A TPM quote as it travels; nothing in it is verified yet. PROTOCOL.md section 5.</summary>
public sealed record QuoteEvidence(
    ReadOnlyMemory<byte> Attest,
    ReadOnlyMemory<byte> Signature,
    IReadOnlyList<PcrValue> Values)
{
    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode()
    {
        var writer = new StrictCborWriter(stackalloc byte[512]);
        writer.WriteArray(3);
        writer.WriteBytes("attest", Attest, 1, Caps.Attest);
        writer.WriteBytes("signature", Signature, 1, Caps.TpmSignature);
        writer.WriteArray("values", Values.Count, 0, Caps.PcrCount);
        var previous = -1;
        foreach (var value in Values)
        {
            writer.WriteArray(2);
            writer.WriteInt64("pcr", value.Index, previous + 1, Caps.PcrCount - 1);
            writer.WriteBytes("pcr value", value.Value, Caps.Hash);
            previous = value.Index;
        }
        return writer.ToArray("quote", Caps.Body);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static QuoteEvidence Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "quote", Caps.Body);
        return Read(ref reader);
    }

    internal static QuoteEvidence Read(ref StrictCborReader reader)
    {
        reader.ReadArray("quote", 3);
        var attest = reader.ReadBytes("attest", 1, Caps.Attest);
        var signature = reader.ReadBytes("signature", 1, Caps.TpmSignature);
        var values = new PcrValue[reader.ReadArray("values", 0, Caps.PcrCount)];
        var previous = -1;
        for (var i = 0; i < values.Length; i++)
        {
            reader.ReadArray("values", 2);
            // Ascending, so that no register comes twice (attack A07).
            previous = reader.ReadInt32("pcr", previous + 1, Caps.PcrCount - 1);
            values[i] = new(previous, reader.ReadBytes("pcr value", Caps.Hash));
        }
        reader.End("quote");
        return new(attest, signature, values);
    }
}
