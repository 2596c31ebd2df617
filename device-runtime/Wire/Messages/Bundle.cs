using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Messages;

/// <summary>Everything an auditor needs to repeat a verdict offline. PROTOCOL.md section 11.</summary>
public sealed record Bundle(
    ReadOnlyMemory<byte> Evidence,
    ReadOnlyMemory<byte> Leaf,
    long AcceptedAt,
    ReadOnlyMemory<byte> Membership,
    ReadOnlyMemory<byte> Policy,
    ReadOnlyMemory<byte>? ReferenceValues,
    ReadOnlyMemory<byte> Result,
    ReadOnlyMemory<byte> Authority,
    IReadOnlyList<ReadOnlyMemory<byte>> Log,
    ReadOnlyMemory<byte> SessionKey,
    ReadOnlyMemory<byte> AttestationKey)
{
    private const string Version = "tm-bundle/1";

    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode()
    {
        var writer = new StrictCborWriter(new byte[8192]);
        writer.WriteMap(12);
        writer.WriteKey(1);
        writer.WriteText("version", Version);
        writer.WriteKey(2);
        writer.WriteBytes("evidence", Evidence, 1, Caps.Evidence);
        writer.WriteKey(3);
        writer.WriteBytes("leaf", Leaf, 1, Caps.LogEntry);
        writer.WriteKey(4);
        writer.WriteTime("accepted at", AcceptedAt);
        writer.WriteKey(5);
        writer.WriteBytes("membership", Membership, 1, Caps.Membership);
        writer.WriteKey(6);
        writer.WriteBytes("policy", Policy, 1, Caps.Statement);
        writer.WriteKey(7);
        if (ReferenceValues is { } reference) writer.WriteBytes("reference values", reference, 1, Caps.Statement);
        else writer.WriteNull();
        writer.WriteKey(8);
        writer.WriteBytes("result", Result, 1, Caps.Result);
        writer.WriteKey(9);
        writer.WriteBytes("authority", Authority, 1, Caps.PublicArea);
        writer.WriteKey(10);
        LogTail.WriteEntries(ref writer, Log);
        writer.WriteKey(11);
        writer.WriteBytes("session key", SessionKey, 1, Caps.PublicArea);
        writer.WriteKey(12);
        writer.WriteBytes("attestation key", AttestationKey, 0, Caps.PublicArea);
        return writer.ToArray("Bundle", Caps.Bundle);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static Bundle Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "Bundle", Caps.Bundle);
        var map = reader.ReadMap("Bundle", 12);
        reader.Key(ref map, 1, "version");
        reader.ReadFixed("version", Version);
        reader.Key(ref map, 2, "evidence");
        var evidence = reader.ReadBytes("evidence", 1, Caps.Evidence);
        reader.Key(ref map, 3, "leaf");
        var leaf = reader.ReadBytes("leaf", 1, Caps.LogEntry);
        reader.Key(ref map, 4, "accepted at");
        var acceptedAt = reader.ReadTime("accepted at");
        reader.Key(ref map, 5, "membership");
        var membership = reader.ReadBytes("membership", 1, Caps.Membership);
        reader.Key(ref map, 6, "policy");
        var policy = reader.ReadBytes("policy", 1, Caps.Statement);
        reader.Key(ref map, 7, "reference values");
        var reference = reader.TryReadNull() ? default(ReadOnlyMemory<byte>?) : reader.ReadBytes("reference values", 1, Caps.Statement);
        reader.Key(ref map, 8, "result");
        var result = reader.ReadBytes("result", 1, Caps.Result);
        reader.Key(ref map, 9, "authority");
        var authority = reader.ReadBytes("authority", 1, Caps.PublicArea);
        reader.Key(ref map, 10, "log");
        var log = LogTail.ReadEntries(ref reader);
        reader.Key(ref map, 11, "session key");
        var session = reader.ReadBytes("session key", 1, Caps.PublicArea);
        reader.Key(ref map, 12, "attestation key");
        var key = reader.ReadBytes("attestation key", 0, Caps.PublicArea);
        reader.EndMap(ref map);
        reader.End("Bundle");
        return new(evidence, leaf, acceptedAt, membership, policy, reference, result, authority, log, session, key);
    }
}
