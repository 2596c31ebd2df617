using TrustMesh.Wire.Cbor;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Wire.Peers;

/// <summary>One device's word about another, signed by its session key. PROTOCOL.md section 13.1.</summary>
/// <param name="Sequence">The issuer's verdicts counted from 1, without gap, over restarts.</param>
/// <param name="Transcript">TH of the handshake, 32 bytes; all zero where there was none.</param>
/// <param name="Vector">AR4SI category (0..7) to claim value (-128..127).</param>
/// <param name="SubjectKey">RFC 9679 thumbprint of the subject's session key, 32 bytes; all zero where there was no handshake.</param>
/// <param name="NonceAgeMs">From the issuer's nonce to the subject's evidence.</param>
/// <param name="Passed">Checks that passed.</param>
/// <param name="Because">Findings that are not a pass, at most 16.</param>
public sealed record PeerVerdict(
    DeviceId Issuer,
    long Sequence,
    ReadOnlyMemory<byte> Transcript,
    DeviceId Subject,
    AssuranceTier Tier,
    TrustTier Status,
    IReadOnlyDictionary<int, int> Vector,
    string PolicyId,
    long PolicySerial,
    long ReferenceSerial,
    long StatusSerial,
    uint Boot,
    ReadOnlyMemory<byte> SubjectKey,
    long NonceAgeMs,
    int Passed,
    IReadOnlyList<Finding> Because,
    long IssuedAt,
    long ExpiresAt)
{
    /// <summary>Value of the protected typ header.</summary>
    public const string Typ = "application/vnd.trustmesh.peer-verdict+cwt";

    private const int DetailKey = -70_060;

    /// <summary>The payload that is signed.</summary>
    public byte[] EncodePayload()
    {
        var writer = new StrictCborWriter(new byte[1024]);
        writer.WriteMap(4);
        writer.WriteKey(2);
        writer.WriteText("sub", Subject.Urn);
        writer.WriteKey(4);
        writer.WriteTime("exp", ExpiresAt);
        writer.WriteKey(6);
        writer.WriteTime("iat", IssuedAt);
        writer.WriteKey(DetailKey);
        WriteDetail(ref writer);
        return writer.ToArray("peer verdict", Caps.PeerVerdict);
    }

    /// <summary>Reads the payload of a statement whose signature was checked by the caller; throws <see cref="WireException"/>.</summary>
    public static PeerVerdict DecodePayload(ReadOnlyMemory<byte> payload)
    {
        var reader = new StrictCborReader(payload, "peer verdict", Caps.PeerVerdict);
        var map = reader.ReadMap("peer verdict", 4);
        reader.Key(ref map, 2, "sub");
        var subjectAt = reader.Offset;
        var subject = reader.ReadText("sub");
        reader.Key(ref map, 4, "exp");
        var expiresAt = reader.ReadTime("exp");
        reader.Key(ref map, 6, "iat");
        var issuedAt = reader.ReadTime("iat");
        reader.Key(ref map, DetailKey, "detail");
        var verdict = ReadDetail(ref reader) with { IssuedAt = issuedAt, ExpiresAt = expiresAt };
        if (subject != verdict.Subject.Urn) throw new WireException("sub", subjectAt, "names another device than the detail");
        reader.EndMap(ref map);
        reader.End("peer verdict");
        return verdict;
    }

    private void WriteDetail(ref StrictCborWriter writer)
    {
        writer.WriteMap(16);
        writer.WriteKey(1);
        writer.WriteDeviceId(Issuer);
        writer.WriteKey(2);
        writer.WriteInt64("sequence", Sequence, 1);
        writer.WriteKey(3);
        writer.WriteBytes("transcript", Transcript, Caps.Hash);
        writer.WriteKey(4);
        writer.WriteDeviceId(Subject);
        writer.WriteKey(5);
        writer.WriteEnum("tier", Tier);
        writer.WriteKey(6);
        writer.WriteEnum("status", Status);
        writer.WriteKey(7);
        TrustClaims.Write(ref writer, Vector);
        writer.WriteKey(8);
        writer.WriteText("policy id", PolicyId);
        writer.WriteKey(9);
        writer.WriteInt64("policy serial", PolicySerial);
        writer.WriteKey(10);
        writer.WriteInt64("reference serial", ReferenceSerial);
        writer.WriteKey(11);
        writer.WriteInt64("status list serial", StatusSerial);
        writer.WriteKey(12);
        writer.WriteUInt("boot", Boot);
        writer.WriteKey(13);
        writer.WriteBytes("subject key", SubjectKey, Caps.Hash);
        writer.WriteKey(14);
        writer.WriteInt64("nonce age", NonceAgeMs);
        writer.WriteKey(15);
        writer.WriteInt64("passed", Passed);
        writer.WriteKey(16);
        Findings.Write(ref writer, Because, Caps.PeerFindingCount);
    }

    private static PeerVerdict ReadDetail(ref StrictCborReader reader)
    {
        var map = reader.ReadMap("detail", 16);
        reader.Key(ref map, 1, "issuer");
        var issuer = reader.ReadDeviceId("issuer");
        reader.Key(ref map, 2, "sequence");
        var start = reader.Offset;
        var sequence = reader.ReadInt64("sequence");
        if (sequence == 0) throw new WireException("sequence", start, "0, they count from 1");
        reader.Key(ref map, 3, "transcript");
        var transcript = reader.ReadBytes("transcript", Caps.Hash);
        reader.Key(ref map, 4, "subject");
        var subject = reader.ReadDeviceId("subject");
        reader.Key(ref map, 5, "tier");
        var tier = reader.ReadEnum<AssuranceTier>("tier");
        reader.Key(ref map, 6, "status");
        var status = reader.ReadEnum<TrustTier>("status");
        reader.Key(ref map, 7, "vector");
        var vector = TrustClaims.Read(ref reader);
        reader.Key(ref map, 8, "policy id");
        var policy = reader.ReadText("policy id");
        reader.Key(ref map, 9, "policy serial");
        var policySerial = reader.ReadInt64("policy serial");
        reader.Key(ref map, 10, "reference serial");
        var referenceSerial = reader.ReadInt64("reference serial");
        reader.Key(ref map, 11, "status list serial");
        var statusSerial = reader.ReadInt64("status list serial");
        reader.Key(ref map, 12, "boot");
        var boot = (uint)reader.ReadUInt("boot", uint.MaxValue);
        reader.Key(ref map, 13, "subject key");
        var key = reader.ReadBytes("subject key", Caps.Hash);
        reader.Key(ref map, 14, "nonce age");
        var age = reader.ReadInt64("nonce age");
        reader.Key(ref map, 15, "passed");
        var passed = reader.ReadInt32("passed");
        reader.Key(ref map, 16, "findings");
        var because = Findings.Read(ref reader, Caps.PeerFindingCount);
        reader.EndMap(ref map);
        return new(issuer, sequence, transcript, subject, tier, status, vector, policy, policySerial, referenceSerial, statusSerial, boot, key, age, passed, because, 0, 0);
    }
}
