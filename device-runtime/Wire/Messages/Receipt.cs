using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Messages;

/// <summary>The silo's answer to accepted evidence. PROTOCOL.md section 8.</summary>
public sealed record Receipt(
    Standing Standing,
    ReadOnlyMemory<byte> Result,
    int NextSeconds,
    ReadOnlyMemory<byte> NextChallenge,
    ReadOnlyMemory<byte>? Membership)
{
    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode()
    {
        var writer = new StrictCborWriter(new byte[1024]);
        writer.WriteMap(Membership is null ? 4 : 5);
        writer.WriteKey(1);
        writer.WriteEnum("standing", Standing);
        writer.WriteKey(2);
        writer.WriteBytes("result", Result, 1, Caps.Result);
        writer.WriteKey(3);
        writer.WriteInt64("next", NextSeconds);
        writer.WriteKey(4);
        writer.WriteBytes("challenge", NextChallenge, 1, Caps.Body);
        if (Membership is { } membership)
        {
            writer.WriteKey(5);
            writer.WriteBytes("membership", membership, 1, Caps.Membership);
        }
        return writer.ToArray("Receipt", Caps.Receipt);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static Receipt Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "Receipt", Caps.Receipt);
        var map = reader.ReadMap("Receipt", 5);
        reader.Key(ref map, 1, "standing");
        var standing = reader.ReadEnum<Standing>("standing");
        reader.Key(ref map, 2, "result");
        var result = reader.ReadBytes("result", 1, Caps.Result);
        reader.Key(ref map, 3, "next");
        var next = reader.ReadInt32("next");
        reader.Key(ref map, 4, "challenge");
        var challenge = reader.ReadBytes("challenge", 1, Caps.Body);
        var membership = reader.TryKey(ref map, 5) ? reader.ReadBytes("membership", 1, Caps.Membership) : default(ReadOnlyMemory<byte>?);
        reader.EndMap(ref map);
        reader.End("Receipt");
        return new(standing, result, next, challenge, membership);
    }
}
