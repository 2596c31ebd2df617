using System.Buffers.Binary;
using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Log;

/// <summary>One entry of the mesh's log, for ever (PROTOCOL.md section 18): what happened, to whom, by whom. Its bytes are a leaf of the tree.</summary>
/// <param name="At">Milliseconds since 1970.</param>
/// <param name="Kind">1 to 255; the numbers stand in PROTOCOL.md. One that does not is of a newer silo, and is read all the same: a log outlives its readers.</param>
/// <param name="Device">Null for what concerns the mesh as a whole; likewise <paramref name="Name"/>, which is empty then.</param>
/// <param name="Text">At most 255 bytes; likewise <paramref name="Actor"/>.</param>
/// <param name="Version">Of the device's row that holds the change; 0 for the mesh. An entry that was appended twice has the same one twice.</param>
public sealed record MeshLogEntry(long At, int Kind, DeviceId? Device, string Name, string Text, string Actor, long Version)
{
    private const string Format = "tm-log/1";

    /// <summary>Which of a mesh's logs has the lines of a device, so that all of one device are in one log, in order; those of the mesh (null) are in log 0.</summary>
    /// <param name="logs">How many there are, 1 or more.</param>
    public static int LogOf(DeviceId? device, int logs)
    {
        if (device is not { } one) return 0;
        Span<byte> ueid = stackalloc byte[DeviceId.Size];
        one.WriteUeid(ueid);
        return (int)(BinaryPrimitives.ReadUInt32BigEndian(ueid[^sizeof(uint)..]) % (uint)logs);
    }

    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode()
    {
        var writer = new StrictCborWriter(stackalloc byte[Caps.MeshLogEntry]);
        writer.WriteArray(8);
        writer.WriteText("format", Format);
        writer.WriteInt64("at", At, 0, Caps.LatestTime * 1000);
        writer.WriteInt64("kind", Kind, 1, byte.MaxValue);
        if (Device is { } device)
        {
            writer.WriteDeviceId(device);
            writer.WriteName("name", Name);
        }
        else
        {
            writer.WriteNull();
            writer.WriteText("name", Name, 0, 0);
        }
        writer.WriteText("text", Text);
        writer.WriteText("actor", Actor);
        writer.WriteInt64("version", Version);
        return writer.ToArray("log entry", Caps.MeshLogEntry);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static MeshLogEntry Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "log entry", Caps.MeshLogEntry);
        reader.ReadArray("log entry", 8);
        reader.ReadFixed("format", Format);
        var at = (long)reader.ReadUInt("at", (ulong)Caps.LatestTime * 1000);
        var kind = reader.ReadInt32("kind", 1, byte.MaxValue);
        DeviceId? device = reader.TryReadNull() ? null : reader.ReadDeviceId("device");
        var name = device is null ? reader.ReadText("name", 0, 0) : reader.ReadName("name");
        var text = reader.ReadText("text");
        var actor = reader.ReadText("actor");
        var version = reader.ReadInt64("version");
        reader.End("log entry");
        return new(at, kind, device, name, text, actor, version);
    }
}
