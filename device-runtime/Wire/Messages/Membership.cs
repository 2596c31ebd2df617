using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Messages;

/// <summary>What the mesh authority says a device is. PROTOCOL.md section 9. AttestationKey is a SubjectPublicKeyInfo (DER).</summary>
/// <param name="Endorsement">What is known of the root and what was taken on approval; null where a vendor's certificate says it all.</param>
public sealed record Membership(
    string Issuer,
    DeviceId Device,
    string Name,
    string Site,
    string Model,
    AssuranceTier Tier,
    ReadOnlyMemory<byte> AttestationKey,
    ReadOnlyMemory<byte> EnrolmentId,
    long StatusIndex,
    string StatusList,
    long IssuedAt,
    long ExpiresAt,
    string? Endorsement = null)
{
    private const int UeidKey = 256, StatusKey = 65_535, NameKey = -70_010, SiteKey = -70_011, ModelKey = -70_012, TierKey = -70_013,
        EnrolmentKey = -70_014, EndorsementKey = -70_015;

    /// <summary>Value of the protected typ header.</summary>
    public const string Typ = "application/vnd.trustmesh.membership+cwt";

    /// <summary>The payload that is signed.</summary>
    public byte[] EncodePayload()
    {
        var writer = new StrictCborWriter(stackalloc byte[768]);
        writer.WriteMap(Endorsement is null ? 12 : 13);
        writer.WriteKey(1);
        writer.WriteText("iss", Issuer, 1);
        writer.WriteKey(2);
        writer.WriteText("sub", Device.Urn);
        writer.WriteKey(4);
        writer.WriteTime("exp", ExpiresAt);
        writer.WriteKey(6);
        writer.WriteTime("iat", IssuedAt);
        writer.WriteKey(8);
        Confirmation.WriteKey(ref writer, AttestationKey.Span);
        writer.WriteKey(UeidKey);
        writer.WriteDeviceId(Device);
        writer.WriteKey(StatusKey);
        writer.WriteMap(1);
        writer.WriteKey("status_list");
        writer.WriteMap(2);
        writer.WriteKey("idx");
        writer.WriteInt64("idx", StatusIndex);
        writer.WriteKey("uri");
        writer.WriteText("uri", StatusList);
        writer.WriteKey(NameKey);
        writer.WriteName("name", Name);
        writer.WriteKey(SiteKey);
        writer.WriteName("site", Site);
        writer.WriteKey(ModelKey);
        writer.WriteName("model", Model);
        writer.WriteKey(TierKey);
        writer.WriteEnum("tier", Tier);
        writer.WriteKey(EnrolmentKey);
        writer.WriteBytes("enrolment id", EnrolmentId, EnrolChallenge.IdSize);
        if (Endorsement is { } endorsement)
        {
            writer.WriteKey(EndorsementKey);
            writer.WriteText("endorsement", endorsement, 1);
        }
        return writer.ToArray("membership", Caps.Membership);
    }

    /// <summary>Reads the payload of a statement whose signature was checked by the caller; throws <see cref="WireException"/>.</summary>
    public static Membership DecodePayload(ReadOnlyMemory<byte> payload)
    {
        var reader = new StrictCborReader(payload, "membership", Caps.Membership);
        var map = reader.ReadMap("membership", 13);
        reader.Key(ref map, 1, "iss");
        var issuer = reader.ReadText("iss", 1);
        reader.Key(ref map, 2, "sub");
        var subjectAt = reader.Offset;
        var subject = reader.ReadText("sub");
        reader.Key(ref map, 4, "exp");
        var expiresAt = reader.ReadTime("exp");
        reader.Key(ref map, 6, "iat");
        var issuedAt = reader.ReadTime("iat");
        reader.Key(ref map, 8, "cnf");
        var key = Confirmation.ReadKey(ref reader);
        reader.Key(ref map, UeidKey, "ueid");
        var device = reader.ReadDeviceId("ueid");
        if (subject != device.Urn) throw new WireException("sub", subjectAt, "names another device than ueid");
        reader.Key(ref map, StatusKey, "status");
        var (index, uri) = ReadStatus(ref reader);
        reader.Key(ref map, NameKey, "name");
        var name = reader.ReadName("name");
        reader.Key(ref map, SiteKey, "site");
        var site = reader.ReadName("site");
        reader.Key(ref map, ModelKey, "model");
        var model = reader.ReadName("model");
        reader.Key(ref map, TierKey, "tier");
        var tier = reader.ReadEnum<AssuranceTier>("tier");
        reader.Key(ref map, EnrolmentKey, "enrolment id");
        var enrolment = reader.ReadBytes("enrolment id", EnrolChallenge.IdSize);
        var endorsement = reader.TryKey(ref map, EndorsementKey) ? reader.ReadText("endorsement", 1) : null;
        reader.EndMap(ref map);
        reader.End("membership");
        return new(issuer, device, name, site, model, tier, key, enrolment, index, uri, issuedAt, expiresAt, endorsement);
    }

    private static (long Index, string Uri) ReadStatus(ref StrictCborReader reader)
    {
        var status = reader.ReadMap("status", 1);
        reader.Key(ref status, "status_list", "status_list");
        var list = reader.ReadMap("status_list", 2);
        reader.Key(ref list, "idx", "idx");
        var index = reader.ReadInt64("idx");
        reader.Key(ref list, "uri", "uri");
        var uri = reader.ReadText("uri");
        reader.EndMap(ref list);
        reader.EndMap(ref status);
        return (index, uri);
    }
}
