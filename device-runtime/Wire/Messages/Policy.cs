using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Messages;

/// <summary>The appraisal policy. PROTOCOL.md section 9. Lifetimes and intervals in seconds.</summary>
/// <param name="Peers">Null in policies from before there were peers; see <see cref="PeerRules"/>.</param>
public sealed partial record Policy(
    string Issuer,
    string Id,
    long Serial,
    ushort Bank,
    IReadOnlyList<int> Pcrs,
    int MeasurementPcr,
    int LifetimeSeconds,
    int IntervalSeconds,
    IReadOnlyList<AssuranceTier> Tiers,
    bool ChannelBindingRequired,
    IReadOnlyList<string> MayChange,
    IReadOnlyList<ulong> DeniedFirmware,
    TrustTier UnknownFile,
    long IssuedAt,
    long ExpiresAt,
    PeerRules? Peers = null)
{
    private const int SerialKey = -70_020, BodyKey = -70_021;

    /// <summary>The rules about peers, the default ones where the policy has none.</summary>
    public PeerRules PeerRules => Peers ?? PeerRules.Default;

    /// <summary>Value of the protected typ header.</summary>
    public const string Typ = "application/vnd.trustmesh.policy+cwt";

    /// <summary>The payload that is signed.</summary>
    public byte[] EncodePayload()
    {
        var writer = new StrictCborWriter(stackalloc byte[512]);
        writer.WriteMap(6);
        writer.WriteKey(1);
        writer.WriteText("iss", Issuer, 1);
        writer.WriteKey(2);
        writer.WriteText("policy id", Id, 1);
        writer.WriteKey(4);
        writer.WriteTime("exp", ExpiresAt);
        writer.WriteKey(6);
        writer.WriteTime("iat", IssuedAt);
        writer.WriteKey(SerialKey);
        writer.WriteInt64("serial", Serial);
        writer.WriteKey(BodyKey);
        WriteBody(ref writer);
        return writer.ToArray("policy", Caps.Statement);
    }

    /// <summary>Reads the payload of a statement whose signature was checked by the caller; throws <see cref="WireException"/>.</summary>
    public static Policy DecodePayload(ReadOnlyMemory<byte> payload)
    {
        var reader = new StrictCborReader(payload, "policy", Caps.Statement);
        var map = reader.ReadMap("policy", 6);
        reader.Key(ref map, 1, "iss");
        var issuer = reader.ReadText("iss", 1);
        reader.Key(ref map, 2, "policy id");
        var id = reader.ReadText("policy id", 1);
        reader.Key(ref map, 4, "exp");
        var expiresAt = reader.ReadTime("exp");
        reader.Key(ref map, 6, "iat");
        var issuedAt = reader.ReadTime("iat");
        reader.Key(ref map, SerialKey, "serial");
        var serial = reader.ReadInt64("serial");
        reader.Key(ref map, BodyKey, "body");
        var policy = ReadBody(ref reader, new(issuer, id, serial, 0, [], 0, 0, 0, [], true, [], [], TrustTier.Contraindicated, issuedAt, expiresAt));
        reader.EndMap(ref map);
        reader.End("policy");
        return policy;
    }
}
