using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Peers;

/// <summary>M3 and M4 of the peer handshake: evidence, in M4 with the verdict on the other. PROTOCOL.md section 13.</summary>
/// <param name="Transcript">TH, 32 bytes.</param>
/// <param name="Verdict">COSE_Sign1; null in M3.</param>
public sealed record PeerProof(ReadOnlyMemory<byte> Transcript, ReadOnlyMemory<byte> Evidence, ReadOnlyMemory<byte>? Verdict, GossipStatements Statements)
{
    /// <summary>The label every proof begins with.</summary>
    public const string Label = "tm-mp/1";

    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode()
    {
        var writer = new StrictCborWriter(new byte[Evidence.Length + 1024]);
        writer.WriteMap(3 + (Verdict is null ? 0 : 1) + (Statements.IsEmpty ? 0 : 1));
        writer.WriteKey(1);
        writer.WriteText("label", Label);
        writer.WriteKey(2);
        writer.WriteBytes("transcript", Transcript, Caps.Hash);
        writer.WriteKey(3);
        writer.WriteBytes("evidence", Evidence, 1, Caps.Evidence);
        if (Verdict is { } verdict)
        {
            writer.WriteKey(4);
            writer.WriteBytes("verdict", verdict, 1, Caps.PeerVerdict);
        }
        if (!Statements.IsEmpty)
        {
            writer.WriteKey(5);
            Statements.Write(ref writer);
        }
        return writer.ToArray("PeerProof", Caps.PeerMessage);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static PeerProof Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "PeerProof", Caps.PeerMessage);
        var map = reader.ReadMap("PeerProof", 5);
        reader.Key(ref map, 1, "label");
        reader.ReadFixed("label", Label);
        reader.Key(ref map, 2, "transcript");
        var transcript = reader.ReadBytes("transcript", Caps.Hash);
        reader.Key(ref map, 3, "evidence");
        var evidence = reader.ReadBytes("evidence", 1, Caps.Evidence);
        var verdict = reader.TryKey(ref map, 4) ? reader.ReadBytes("verdict", 1, Caps.PeerVerdict) : default(ReadOnlyMemory<byte>?);
        var statements = reader.TryKey(ref map, 5) ? GossipStatements.Read(ref reader) : GossipStatements.None;
        reader.EndMap(ref map);
        reader.End("PeerProof");
        return new(transcript, evidence, verdict, statements);
    }
}
