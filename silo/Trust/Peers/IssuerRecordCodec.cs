using System.Collections.Immutable;
using System.Runtime.InteropServices;
using TrustMesh.Wire;
using TrustMesh.Wire.Cbor;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Trust.Peers;

/// <summary>An issuer's record as bytes: one deterministic CBOR array. The last verdict of an edge is kept as it was signed, and read from there.</summary>
public static class IssuerRecordCodec
{
    private const string Format = "tm-peers/1";
    private const int Largest = 4 * 1024 * 1024;

    public static byte[] Encode(IssuerRecord record)
    {
        var writer = new StrictCborWriter(new byte[8192]);
        writer.WriteArray(9);
        writer.WriteText("format", Format);
        writer.WriteDeviceId(record.Issuer);
        writer.WriteBytes("enrolment id", record.EnrolmentId, 16);
        writer.WriteInt64("next", record.Next, 1);
        writer.WriteInt64("dropped", record.Dropped);
        writer.WriteInt64("missing", record.Missing);
        writer.WriteBool(record.Doubted);
        writer.WriteInt64("agreed", record.Agreed);
        writer.WriteArray("edges", record.Edges.Length, 0, IssuerRecord.MostEdges);
        foreach (var edge in record.Edges)
        {
            writer.WriteArray(6);
            writer.WriteBytes("verdict", edge.Signed, 1, Caps.PeerVerdict);
            // Empty where it is the last one itself.
            writer.WriteBytes("change", edge.Change.Span.SequenceEqual(edge.Signed.Span) ? default : edge.Change, 0, Caps.PeerVerdict);
            writer.WriteTime("since", edge.Since.ToUnixTimeSeconds());
            writer.WriteInt64("contradicted", edge.Contradicted);
            writer.WriteInt64("outvoted", edge.Outvoted);
            writer.WriteArray("rounds", edge.Rounds.Length, 1, EdgeRecord.MostRounds);
            foreach (var round in edge.Rounds)
            {
                writer.WriteArray(5);
                writer.WriteInt64("sequence", round.Sequence, 1);
                writer.WriteTime("at", round.At.ToUnixTimeSeconds());
                writer.WriteEnum("status", round.Status);
                writer.WriteInt64("nonce age", round.NonceAgeMs);
                if (round.Reason is { } reason) writer.WriteText("reason", reason);
                else writer.WriteNull();
            }
        }
        return writer.ToArray("issuer", Largest);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> (attack A43: the caller isolates the issuer).</summary>
    public static IssuerRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "issuer", Largest);
        reader.ReadArray("issuer", 9);
        reader.ReadFixed("format", Format);
        var issuer = reader.ReadDeviceId("issuer");
        var enrolment = reader.ReadBytes("enrolment id", 16);
        var start = reader.Offset;
        var next = reader.ReadInt64("next");
        if (next == 0) throw new WireException("next", start, "0, they count from 1");
        var dropped = reader.ReadInt64("dropped");
        var missing = reader.ReadInt64("missing");
        var doubted = reader.ReadBool("doubted");
        var agreed = reader.ReadInt32("agreed");
        var edges = new EdgeRecord[reader.ReadArray("edges", 0, IssuerRecord.MostEdges)];
        for (var i = 0; i < edges.Length; i++) edges[i] = ReadEdge(ref reader, issuer);
        reader.End("issuer");
        return new(issuer, enrolment, next, dropped, missing, doubted, agreed, ImmutableCollectionsMarshal.AsImmutableArray(edges));
    }

    private static EdgeRecord ReadEdge(ref StrictCborReader reader, DeviceId issuer)
    {
        reader.ReadArray("edge", 6);
        var start = reader.Offset;
        var signed = reader.ReadBytes("verdict", 1, Caps.PeerVerdict);
        var verdict = PeerVerdict.DecodePayload(CoseSign1.Decode(signed).Payload);
        if (verdict.Issuer != issuer) throw new WireException("verdict", start, "of another issuer");
        var change = reader.ReadBytes("change", 0, Caps.PeerVerdict);
        var since = DateTimeOffset.FromUnixTimeSeconds(reader.ReadTime("since"));
        var contradicted = reader.ReadInt32("contradicted");
        var outvoted = reader.ReadInt32("outvoted");
        var rounds = new PeerRound[reader.ReadArray("rounds", 1, EdgeRecord.MostRounds)];
        for (var i = 0; i < rounds.Length; i++)
        {
            reader.ReadArray("round", 5);
            rounds[i] = new(
                reader.ReadInt64("sequence"), DateTimeOffset.FromUnixTimeSeconds(reader.ReadTime("at")), reader.ReadEnum<TrustTier>("status"),
                reader.ReadInt64("nonce age"), reader.TryReadNull() ? null : reader.ReadText("reason"));
        }
        return new(verdict, signed, change.IsEmpty ? signed : change, since, ImmutableCollectionsMarshal.AsImmutableArray(rounds), contradicted, outvoted);
    }
}
