using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Peers;

/// <summary>The silo's answer to verdicts. PROTOCOL.md section 17.</summary>
/// <param name="Next">The first sequence the silo does not have; what lies before it may be forgotten.</param>
public sealed record VerdictReceipt(long Next)
{
    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode()
    {
        var writer = new StrictCborWriter(stackalloc byte[32]);
        writer.WriteMap(1);
        writer.WriteKey(1);
        writer.WriteInt64("next", Next, 1);
        return writer.ToArray("VerdictReceipt", Caps.Body);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static VerdictReceipt Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "VerdictReceipt", Caps.Body);
        var map = reader.ReadMap("VerdictReceipt", 1);
        reader.Key(ref map, 1, "next");
        var start = reader.Offset;
        var next = reader.ReadInt64("next");
        if (next == 0) throw new WireException("next", start, "0, they count from 1");
        reader.EndMap(ref map);
        reader.End("VerdictReceipt");
        return new(next);
    }
}
