using TrustMesh.Wire.Cbor;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Wire.Peers;

/// <summary>M1 and M2 of the peer handshake. PROTOCOL.md section 13.</summary>
/// <param name="Device">Who says hello.</param>
/// <param name="Intended">Whom it means; null only in M1 of a device that does not know whom it calls.</param>
/// <param name="Nonce">32 random bytes.</param>
/// <param name="Bindings">Ascending; in M2 exactly the chosen one.</param>
/// <param name="Pcrs">Registers the sender wants quoted, of <paramref name="Bank"/>.</param>
/// <param name="Boot">The other's boot as the sender knows it; 0 for none. Likewise <paramref name="LogCursor"/>.</param>
/// <param name="Membership">The authority's statement about the sender, COSE_Sign1.</param>
public sealed record PeerHello(
    DeviceId Device,
    DeviceId? Intended,
    ReadOnlyMemory<byte> Nonce,
    IReadOnlyList<ChannelBindingType> Bindings,
    ushort Bank,
    IReadOnlyList<int> Pcrs,
    uint Boot,
    int LogCursor,
    ReadOnlyMemory<byte> Membership,
    long PolicySerial,
    long StatusSerial,
    IReadOnlyList<ModelSerial> References,
    GossipStatements Statements)
{
    /// <summary>The label every hello begins with.</summary>
    public const string Label = "tm-ma/1";

    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode()
    {
        var writer = new StrictCborWriter(new byte[1024]);
        writer.WriteMap(12 + (Intended is null ? 0 : 1) + (Statements.IsEmpty ? 0 : 1));
        writer.WriteKey(1);
        writer.WriteText("label", Label);
        writer.WriteKey(2);
        writer.WriteDeviceId(Device);
        if (Intended is { } intended)
        {
            writer.WriteKey(3);
            writer.WriteDeviceId(intended);
        }
        writer.WriteKey(4);
        writer.WriteBytes("nonce", Nonce, Caps.Hash);
        writer.WriteKey(5);
        writer.WriteArray("bindings", Bindings.Count, 1, Enum.GetValues<ChannelBindingType>().Length);
        foreach (var binding in Bindings.Order()) writer.WriteEnum("binding", binding);
        writer.WriteKey(6);
        PcrList.WriteBank(ref writer, Bank);
        writer.WriteKey(7);
        PcrList.Write(ref writer, Pcrs);
        writer.WriteKey(8);
        writer.WriteUInt("boot", Boot);
        writer.WriteKey(9);
        writer.WriteInt64("log cursor", LogCursor);
        writer.WriteKey(10);
        writer.WriteBytes("membership", Membership, 1, Caps.Membership);
        writer.WriteKey(11);
        writer.WriteInt64("policy serial", PolicySerial);
        writer.WriteKey(12);
        writer.WriteInt64("status list serial", StatusSerial);
        writer.WriteKey(13);
        ModelSerial.Write(ref writer, References);
        if (!Statements.IsEmpty)
        {
            writer.WriteKey(14);
            Statements.Write(ref writer);
        }
        return writer.ToArray("PeerHello", Caps.PeerMessage);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static PeerHello Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "PeerHello", Caps.PeerMessage);
        var map = reader.ReadMap("PeerHello", 14);
        reader.Key(ref map, 1, "label");
        reader.ReadFixed("label", Label);
        reader.Key(ref map, 2, "ueid");
        var device = reader.ReadDeviceId("ueid");
        var intended = reader.TryKey(ref map, 3) ? reader.ReadDeviceId("intended ueid") : default(DeviceId?);
        reader.Key(ref map, 4, "nonce");
        var nonce = reader.ReadBytes("nonce", Caps.Hash);
        reader.Key(ref map, 5, "bindings");
        var bindings = ReadBindings(ref reader);
        reader.Key(ref map, 6, "bank");
        var bank = PcrList.ReadBank(ref reader);
        reader.Key(ref map, 7, "pcrs");
        var pcrs = PcrList.Read(ref reader);
        reader.Key(ref map, 8, "boot");
        var boot = (uint)reader.ReadUInt("boot", uint.MaxValue);
        reader.Key(ref map, 9, "log cursor");
        var cursor = reader.ReadInt32("log cursor");
        reader.Key(ref map, 10, "membership");
        var membership = reader.ReadBytes("membership", 1, Caps.Membership);
        reader.Key(ref map, 11, "policy serial");
        var policy = reader.ReadInt64("policy serial");
        reader.Key(ref map, 12, "status list serial");
        var status = reader.ReadInt64("status list serial");
        reader.Key(ref map, 13, "models");
        var references = ModelSerial.Read(ref reader);
        var statements = reader.TryKey(ref map, 14) ? GossipStatements.Read(ref reader) : GossipStatements.None;
        reader.EndMap(ref map);
        reader.End("PeerHello");
        return new(device, intended, nonce, bindings, bank, pcrs, boot, cursor, membership, policy, status, references, statements);
    }

    private static ChannelBindingType[] ReadBindings(ref StrictCborReader reader)
    {
        var bindings = new ChannelBindingType[reader.ReadArray("bindings", 1, Enum.GetValues<ChannelBindingType>().Length)];
        for (var i = 0; i < bindings.Length; i++)
        {
            var start = reader.Offset;
            bindings[i] = reader.ReadEnum<ChannelBindingType>("binding");
            if (i > 0 && bindings[i] <= bindings[i - 1]) throw new WireException("binding", start, "bindings repeat or are not in order");
        }
        return bindings;
    }
}
