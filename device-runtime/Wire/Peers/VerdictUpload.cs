using TrustMesh.Wire.Cbor;
using TrustMesh.Wire.Cose;

namespace TrustMesh.Wire.Peers;

/// <summary>Verdicts a device has kept for the silo, oldest first. PROTOCOL.md section 17.</summary>
/// <param name="Dropped">Verdicts that had to make room, ever.</param>
/// <param name="Vouchers">The session keys that signed, and the evidence that vouches for each; at most 8.</param>
/// <param name="Verdicts">At most 256.</param>
public sealed record VerdictUpload(long Dropped, IReadOnlyList<Voucher> Vouchers, IReadOnlyList<UploadedVerdict> Verdicts)
{
    private const string Label = "tm-vu/1";

    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode()
    {
        var writer = new StrictCborWriter(new byte[4096]);
        writer.WriteMap(4);
        writer.WriteKey(1);
        writer.WriteText("label", Label);
        writer.WriteKey(2);
        writer.WriteInt64("dropped", Dropped);
        writer.WriteKey(3);
        writer.WriteArray("vouchers", Vouchers.Count, 0, Caps.VoucherCount);
        foreach (var (key, evidence) in Vouchers)
        {
            writer.WriteArray(2);
            writer.WriteBytes("session key", key, KeyThumbprint.SpkiSize);
            writer.WriteBytes("voucher", evidence, 1, Caps.Body);
        }
        writer.WriteKey(4);
        writer.WriteArray("verdicts", Verdicts.Count, 0, Caps.VerdictCount);
        foreach (var (voucher, signed) in Verdicts)
        {
            writer.WriteArray(2);
            writer.WriteInt64("voucher index", voucher, 0, Vouchers.Count - 1);
            writer.WriteBytes("verdict", signed, 1, Caps.PeerVerdict);
        }
        return writer.ToArray("VerdictUpload", Caps.VerdictUpload);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static VerdictUpload Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "VerdictUpload", Caps.VerdictUpload);
        var map = reader.ReadMap("VerdictUpload", 4);
        reader.Key(ref map, 1, "label");
        reader.ReadFixed("label", Label);
        reader.Key(ref map, 2, "dropped");
        var dropped = reader.ReadInt64("dropped");
        reader.Key(ref map, 3, "vouchers");
        var vouchers = new Voucher[reader.ReadArray("vouchers", 0, Caps.VoucherCount)];
        for (var i = 0; i < vouchers.Length; i++)
        {
            reader.ReadArray("voucher", 2);
            vouchers[i] = new(reader.ReadBytes("session key", KeyThumbprint.SpkiSize), reader.ReadBytes("voucher", 1, Caps.Body));
        }
        reader.Key(ref map, 4, "verdicts");
        // Without a voucher no index is right, so there can be no verdict either.
        var verdicts = new UploadedVerdict[reader.ReadArray("verdicts", 0, vouchers.Length == 0 ? 0 : Caps.VerdictCount)];
        for (var i = 0; i < verdicts.Length; i++)
        {
            reader.ReadArray("verdict", 2);
            verdicts[i] = new(reader.ReadInt32("voucher index", 0, vouchers.Length - 1), reader.ReadBytes("verdict", 1, Caps.PeerVerdict));
        }
        reader.EndMap(ref map);
        reader.End("VerdictUpload");
        return new(dropped, vouchers, verdicts);
    }
}
