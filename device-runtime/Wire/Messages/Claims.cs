using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Messages;

/// <summary>The EAT claims-set under the quote or the signature. PROTOCOL.md section 5. Shapes: keys and digests 32 bytes, uptime seconds.</summary>
public sealed record Claims(
    DeviceId Device,
    ReadOnlyMemory<byte> SessionKeyThumbprint,
    ReadOnlyMemory<byte> Challenge,
    long IssuedAt,
    long UptimeSeconds,
    uint BootCount,
    string SoftwareName,
    string SoftwareVersion,
    ReadOnlyMemory<byte>? ExtraData,
    LogHead? LogHead)
{
    private const int IatKey = 6, CnfKey = 8, NonceKey = 10, UeidKey = 256, UptimeKey = 261, ProfileKey = 265, BootCountKey = 267,
        SoftwareNameKey = 270, SoftwareVersionKey = 271, ExtraDataKey = -70_001, LogHeadKey = -70_002;

    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode()
    {
        var writer = new StrictCborWriter(stackalloc byte[512]);
        writer.WriteMap(9 + (ExtraData is null ? 0 : 1) + (LogHead is null ? 0 : 1));
        writer.WriteKey(IatKey);
        writer.WriteTime("iat", IssuedAt);
        writer.WriteKey(CnfKey);
        Confirmation.WriteThumbprint(ref writer, SessionKeyThumbprint);
        writer.WriteKey(NonceKey);
        writer.WriteBytes("eat_nonce", Challenge, Caps.Hash);
        writer.WriteKey(UeidKey);
        writer.WriteDeviceId(Device);
        writer.WriteKey(UptimeKey);
        writer.WriteInt64("uptime", UptimeSeconds);
        writer.WriteKey(ProfileKey);
        writer.WriteText("eat_profile", Evidence.Profile);
        writer.WriteKey(BootCountKey);
        writer.WriteUInt("bootcount", BootCount);
        writer.WriteKey(SoftwareNameKey);
        writer.WriteText("swname", SoftwareName, 1);
        writer.WriteKey(SoftwareVersionKey);
        writer.WriteArray(1);
        writer.WriteText("swversion", SoftwareVersion, 1);
        if (ExtraData is { } extraData)
        {
            writer.WriteKey(ExtraDataKey);
            writer.WriteBytes("extraData", extraData, Caps.Hash);
        }
        if (LogHead is { } head)
        {
            writer.WriteKey(LogHeadKey);
            writer.WriteArray(2);
            writer.WriteInt64("log count", head.Count);
            writer.WriteBytes("log head", head.Head, Caps.Hash);
        }
        return writer.ToArray("claims", Caps.Claims);
    }

    /// <summary>Reads deterministic claims; throws <see cref="WireException"/> for anything else. Unknown keys are ignored, and covered by
    /// the quote or signature all the same, because that covers the bytes.</summary>
    public static Claims Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "claims", Caps.Claims);
        var map = reader.ReadMap("claims", Caps.ClaimCount, open: true);
        reader.Key(ref map, IatKey, "iat");
        var issuedAt = reader.ReadTime("iat");
        reader.Key(ref map, CnfKey, "cnf");
        var thumbprint = Confirmation.ReadThumbprint(ref reader);
        reader.Key(ref map, NonceKey, "eat_nonce");
        var challenge = reader.ReadBytes("eat_nonce", Caps.Hash);
        reader.Key(ref map, UeidKey, "ueid");
        var device = reader.ReadDeviceId("ueid");
        reader.Key(ref map, UptimeKey, "uptime");
        var uptime = reader.ReadInt64("uptime");
        reader.Key(ref map, ProfileKey, "eat_profile");
        reader.ReadFixed("eat_profile", Evidence.Profile);
        reader.Key(ref map, BootCountKey, "bootcount");
        var bootCount = (uint)reader.ReadUInt("bootcount", uint.MaxValue);
        reader.Key(ref map, SoftwareNameKey, "swname");
        var name = reader.ReadText("swname", 1);
        reader.Key(ref map, SoftwareVersionKey, "swversion");
        reader.ReadArray("swversion", 1);
        var version = reader.ReadText("swversion", 1);
        var extraData = reader.TryKey(ref map, ExtraDataKey) ? reader.ReadBytes("extraData", Caps.Hash) : default(ReadOnlyMemory<byte>?);
        LogHead? head = null;
        if (reader.TryKey(ref map, LogHeadKey))
        {
            reader.ReadArray("log head", 2);
            head = new(reader.ReadInt32("log count"), reader.ReadBytes("log head", Caps.Hash));
        }
        reader.EndMap(ref map);
        reader.End("claims");
        return new(device, thumbprint, challenge, issuedAt, uptime, bootCount, name, version, extraData, head);
    }
}
