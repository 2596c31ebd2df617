using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Peers;

/// <summary>Whom a device is to examine, signed by the mesh authority. PROTOCOL.md section 15.</summary>
/// <param name="Serial">Rises with every assignment of the mesh.</param>
/// <param name="Peers">At most 64.</param>
public sealed record PeerAssignment(string Issuer, DeviceId Device, long Serial, IReadOnlyList<AssignedPeer> Peers, long IssuedAt, long ExpiresAt)
{
    /// <summary>Value of the protected typ header.</summary>
    public const string Typ = "application/vnd.trustmesh.peers+cwt";

    private const int UeidKey = 256, SerialKey = -70_050, PeersKey = -70_051;

    /// <summary>The payload that is signed.</summary>
    public byte[] EncodePayload()
    {
        var writer = new StrictCborWriter(new byte[1024]);
        writer.WriteMap(7);
        writer.WriteKey(1);
        writer.WriteText("iss", Issuer, 1);
        writer.WriteKey(2);
        writer.WriteText("sub", Device.Urn);
        writer.WriteKey(4);
        writer.WriteTime("exp", ExpiresAt);
        writer.WriteKey(6);
        writer.WriteTime("iat", IssuedAt);
        writer.WriteKey(UeidKey);
        writer.WriteDeviceId(Device);
        writer.WriteKey(SerialKey);
        writer.WriteInt64("serial", Serial);
        writer.WriteKey(PeersKey);
        writer.WriteArray("peers", Peers.Count, 0, Caps.AssignedPeerCount);
        foreach (var peer in Peers)
        {
            writer.WriteArray(5);
            writer.WriteDeviceId(peer.Device);
            writer.WriteName("name", peer.Name);
            writer.WriteName("site", peer.Site);
            writer.WriteName("model", peer.Model);
            PeerAddress.Write(ref writer, peer.Addresses);
        }
        return writer.ToArray("peers", Caps.Statement);
    }

    /// <summary>Reads the payload of a statement whose signature was checked by the caller; throws <see cref="WireException"/>.</summary>
    public static PeerAssignment DecodePayload(ReadOnlyMemory<byte> payload)
    {
        var reader = new StrictCborReader(payload, "peers", Caps.Statement);
        var map = reader.ReadMap("peers", 7);
        reader.Key(ref map, 1, "iss");
        var issuer = reader.ReadText("iss", 1);
        reader.Key(ref map, 2, "sub");
        var subjectAt = reader.Offset;
        var subject = reader.ReadText("sub");
        reader.Key(ref map, 4, "exp");
        var expiresAt = reader.ReadTime("exp");
        reader.Key(ref map, 6, "iat");
        var issuedAt = reader.ReadTime("iat");
        reader.Key(ref map, UeidKey, "ueid");
        var device = reader.ReadDeviceId("ueid");
        if (subject != device.Urn) throw new WireException("sub", subjectAt, "names another device than ueid");
        reader.Key(ref map, SerialKey, "serial");
        var serial = reader.ReadInt64("serial");
        reader.Key(ref map, PeersKey, "peers");
        var peers = new AssignedPeer[reader.ReadArray("peers", 0, Caps.AssignedPeerCount)];
        for (var i = 0; i < peers.Length; i++)
        {
            reader.ReadArray("peer", 5);
            peers[i] = new(reader.ReadDeviceId("ueid"), reader.ReadName("name"), reader.ReadName("site"), reader.ReadName("model"), PeerAddress.Read(ref reader));
        }
        reader.EndMap(ref map);
        reader.End("peers");
        return new(issuer, device, serial, peers, issuedAt, expiresAt);
    }
}
