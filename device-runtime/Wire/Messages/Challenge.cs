using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Messages;

/// <summary>What to answer, with what, by when. PROTOCOL.md section 8.</summary>
public sealed record Challenge(
    ReadOnlyMemory<byte> Nonce,
    DeviceId Challenger,
    ushort Bank,
    IReadOnlyList<int> Pcrs,
    uint Boot,
    int LogCursor,
    int DeadlineSeconds)
{
    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode()
    {
        var writer = new StrictCborWriter(stackalloc byte[192]);
        writer.WriteMap(7);
        writer.WriteKey(1);
        writer.WriteBytes("nonce", Nonce, Caps.Hash);
        writer.WriteKey(2);
        writer.WriteDeviceId(Challenger);
        writer.WriteKey(3);
        PcrList.WriteBank(ref writer, Bank);
        writer.WriteKey(4);
        PcrList.Write(ref writer, Pcrs);
        writer.WriteKey(5);
        writer.WriteUInt("boot", Boot);
        writer.WriteKey(6);
        writer.WriteInt64("log cursor", LogCursor);
        writer.WriteKey(7);
        writer.WriteInt64("deadline", DeadlineSeconds, 1);
        return writer.ToArray("Challenge", Caps.Body);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static Challenge Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "Challenge", Caps.Body);
        var map = reader.ReadMap("Challenge", 7);
        reader.Key(ref map, 1, "nonce");
        var nonce = reader.ReadBytes("nonce", Caps.Hash);
        reader.Key(ref map, 2, "challenger");
        var challenger = reader.ReadDeviceId("challenger");
        reader.Key(ref map, 3, "bank");
        var bank = PcrList.ReadBank(ref reader);
        reader.Key(ref map, 4, "pcrs");
        var pcrs = PcrList.Read(ref reader);
        reader.Key(ref map, 5, "boot");
        var boot = (uint)reader.ReadUInt("boot", uint.MaxValue);
        reader.Key(ref map, 6, "log cursor");
        var cursor = reader.ReadInt32("log cursor");
        reader.Key(ref map, 7, "deadline");
        var deadline = reader.ReadInt32("deadline", 1);
        reader.EndMap(ref map);
        reader.End("Challenge");
        return new(nonce, challenger, bank, pcrs, boot, cursor, deadline);
    }
}
