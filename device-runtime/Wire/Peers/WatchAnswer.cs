using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Peers;

/// <summary>Statements newer than those a device named; unverified. All empty: nothing new in the time. PROTOCOL.md section 16.</summary>
/// <param name="Peers">The device's <see cref="PeerAssignment"/>, COSE_Sign1.</param>
/// <param name="Examine">Peers to examine now, at most 64; the device itself: it is to prove itself now.</param>
public sealed record WatchAnswer(
    ReadOnlyMemory<byte>? Policy,
    ReadOnlyMemory<byte>? StatusList,
    ReadOnlyMemory<byte>? Peers,
    IReadOnlyList<ReadOnlyMemory<byte>> References,
    IReadOnlyList<DeviceId> Examine)
{
    public static WatchAnswer Nothing { get; } = new(null, null, null, [], []);

    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode()
    {
        var writer = new StrictCborWriter(new byte[1024]);
        writer.WriteMap((Policy is null ? 0 : 1) + (StatusList is null ? 0 : 1) + (Peers is null ? 0 : 1) + (References.Count == 0 ? 0 : 1) + (Examine.Count == 0 ? 0 : 1));
        Write(ref writer, 1, "policy", Policy);
        Write(ref writer, 2, "status list", StatusList);
        Write(ref writer, 3, "peers", Peers);
        if (References.Count > 0)
        {
            writer.WriteKey(4);
            GossipStatements.WriteReferences(ref writer, References);
        }
        if (Examine.Count > 0)
        {
            writer.WriteKey(5);
            writer.WriteArray("examine", Examine.Count, 1, Caps.AssignedPeerCount);
            foreach (var device in Examine) writer.WriteDeviceId(device);
        }
        return writer.ToArray("WatchAnswer", Caps.WatchAnswer);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static WatchAnswer Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "WatchAnswer", Caps.WatchAnswer);
        var map = reader.ReadMap("WatchAnswer", 5);
        var policy = reader.TryKey(ref map, 1) ? reader.ReadBytes("policy", 1, Caps.Statement) : default(ReadOnlyMemory<byte>?);
        var list = reader.TryKey(ref map, 2) ? reader.ReadBytes("status list", 1, Caps.Statement) : default(ReadOnlyMemory<byte>?);
        var peers = reader.TryKey(ref map, 3) ? reader.ReadBytes("peers", 1, Caps.Statement) : default(ReadOnlyMemory<byte>?);
        IReadOnlyList<ReadOnlyMemory<byte>> references = reader.TryKey(ref map, 4) ? GossipStatements.ReadReferences(ref reader) : [];
        DeviceId[] examine = [];
        if (reader.TryKey(ref map, 5))
        {
            examine = new DeviceId[reader.ReadArray("examine", 1, Caps.AssignedPeerCount)];
            for (var i = 0; i < examine.Length; i++) examine[i] = reader.ReadDeviceId("examine");
        }
        reader.EndMap(ref map);
        reader.End("WatchAnswer");
        return new(policy, list, peers, references, examine);
    }

    private static void Write(ref StrictCborWriter writer, int key, string field, ReadOnlyMemory<byte>? statement)
    {
        if (statement is not { } signed) return;
        writer.WriteKey(key);
        writer.WriteBytes(field, signed, 1, Caps.Statement);
    }
}
