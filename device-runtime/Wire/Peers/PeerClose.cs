using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Peers;

/// <summary>M5 of the peer handshake: the initiator's verdict on the responder. PROTOCOL.md section 13.</summary>
/// <param name="Transcript">TH, 32 bytes.</param>
/// <param name="Verdict">COSE_Sign1.</param>
public sealed record PeerClose(ReadOnlyMemory<byte> Transcript, ReadOnlyMemory<byte> Verdict)
{
    private const string Label = "tm-mv/1";

    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode()
    {
        var writer = new StrictCborWriter(new byte[1024]);
        writer.WriteMap(3);
        writer.WriteKey(1);
        writer.WriteText("label", Label);
        writer.WriteKey(2);
        writer.WriteBytes("transcript", Transcript, Caps.Hash);
        writer.WriteKey(3);
        writer.WriteBytes("verdict", Verdict, 1, Caps.PeerVerdict);
        return writer.ToArray("PeerClose", Caps.PeerHello);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static PeerClose Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "PeerClose", Caps.PeerHello);
        var map = reader.ReadMap("PeerClose", 3);
        reader.Key(ref map, 1, "label");
        reader.ReadFixed("label", Label);
        reader.Key(ref map, 2, "transcript");
        var transcript = reader.ReadBytes("transcript", Caps.Hash);
        reader.Key(ref map, 3, "verdict");
        var verdict = reader.ReadBytes("verdict", 1, Caps.PeerVerdict);
        reader.EndMap(ref map);
        reader.End("PeerClose");
        return new(transcript, verdict);
    }
}
