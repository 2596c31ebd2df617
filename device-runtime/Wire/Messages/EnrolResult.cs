using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Messages;

/// <summary>Outcome of an enrolment. PROTOCOL.md section 7.</summary>
public sealed record EnrolResult(
    Standing Standing,
    DeviceId Device,
    ReadOnlyMemory<byte>? Membership)
{
    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode()
    {
        var writer = new StrictCborWriter(stackalloc byte[512]);
        writer.WriteMap(Membership is null ? 2 : 3);
        writer.WriteKey(1);
        writer.WriteEnum("standing", Standing);
        writer.WriteKey(2);
        writer.WriteDeviceId(Device);
        if (Membership is { } membership)
        {
            writer.WriteKey(3);
            writer.WriteBytes("membership", membership, 1, Caps.Membership);
        }
        return writer.ToArray("EnrolResult", Caps.Body);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static EnrolResult Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "EnrolResult", Caps.Body);
        var map = reader.ReadMap("EnrolResult", 3);
        reader.Key(ref map, 1, "standing");
        var standing = reader.ReadEnum<Standing>("standing");
        reader.Key(ref map, 2, "ueid");
        var device = reader.ReadDeviceId("ueid");
        var membership = reader.TryKey(ref map, 3) ? reader.ReadBytes("membership", 1, Caps.Membership) : default(ReadOnlyMemory<byte>?);
        reader.EndMap(ref map);
        reader.End("EnrolResult");
        return new(standing, device, membership);
    }
}
