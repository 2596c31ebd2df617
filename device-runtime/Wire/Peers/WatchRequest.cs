using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Peers;

/// <summary>What a device has, where it listens, and since when it enforces the status list it names. PROTOCOL.md section 16.</summary>
/// <param name="Addresses">Where the device listens for peers, at most 4; none if it does not.</param>
/// <param name="EnforcedMs">How long ago it began to enforce the status list.</param>
/// <param name="Gaps">Status lists between those it had that it never saw.</param>
public sealed record WatchRequest(
    long PolicySerial,
    long StatusSerial,
    long PeersSerial,
    IReadOnlyList<ModelSerial> References,
    IReadOnlyList<string> Addresses,
    long EnforcedMs,
    long Gaps)
{
    private const string Label = "tm-wa/1";

    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode()
    {
        var writer = new StrictCborWriter(stackalloc byte[512]);
        writer.WriteMap(8);
        writer.WriteKey(1);
        writer.WriteText("label", Label);
        writer.WriteKey(2);
        writer.WriteInt64("policy serial", PolicySerial);
        writer.WriteKey(3);
        writer.WriteInt64("status list serial", StatusSerial);
        writer.WriteKey(4);
        writer.WriteInt64("peers serial", PeersSerial);
        writer.WriteKey(5);
        ModelSerial.Write(ref writer, References);
        writer.WriteKey(6);
        PeerAddress.Write(ref writer, Addresses);
        writer.WriteKey(7);
        writer.WriteInt64("enforced", EnforcedMs);
        writer.WriteKey(8);
        writer.WriteInt64("gaps", Gaps);
        return writer.ToArray("WatchRequest", Caps.Body);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static WatchRequest Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "WatchRequest", Caps.Body);
        var map = reader.ReadMap("WatchRequest", 8);
        reader.Key(ref map, 1, "label");
        reader.ReadFixed("label", Label);
        reader.Key(ref map, 2, "policy serial");
        var policy = reader.ReadInt64("policy serial");
        reader.Key(ref map, 3, "status list serial");
        var status = reader.ReadInt64("status list serial");
        reader.Key(ref map, 4, "peers serial");
        var peers = reader.ReadInt64("peers serial");
        reader.Key(ref map, 5, "models");
        var references = ModelSerial.Read(ref reader);
        reader.Key(ref map, 6, "addresses");
        var addresses = PeerAddress.Read(ref reader);
        reader.Key(ref map, 7, "enforced");
        var enforced = reader.ReadInt64("enforced");
        reader.Key(ref map, 8, "gaps");
        var gaps = reader.ReadInt64("gaps");
        reader.EndMap(ref map);
        reader.End("WatchRequest");
        return new(policy, status, peers, references, addresses, enforced, gaps);
    }
}
