using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Messages;

/// <summary>Asks for a challenge. PROTOCOL.md section 8.</summary>
public sealed record ChallengeRequest(
    DeviceId Device)
{
    private const string Version = "tm-ch/1";

    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode()
    {
        var writer = new StrictCborWriter(stackalloc byte[64]);
        writer.WriteMap(2);
        writer.WriteKey(1);
        writer.WriteText("version", Version);
        writer.WriteKey(2);
        writer.WriteDeviceId(Device);
        return writer.ToArray("ChallengeRequest", Caps.Body);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static ChallengeRequest Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "ChallengeRequest", Caps.Body);
        var map = reader.ReadMap("ChallengeRequest", 2);
        reader.Key(ref map, 1, "version");
        reader.ReadFixed("version", Version);
        reader.Key(ref map, 2, "ueid");
        var device = reader.ReadDeviceId("ueid");
        reader.EndMap(ref map);
        reader.End("ChallengeRequest");
        return new(device);
    }
}
