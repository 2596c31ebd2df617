using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Messages;

/// <summary>RFC 6962 audit path of one challenger's leaf. PROTOCOL.md section 4.</summary>
public sealed record InclusionProof(
    long Index,
    long Size,
    IReadOnlyList<ReadOnlyMemory<byte>> Path)
{
    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode()
    {
        var writer = new StrictCborWriter(stackalloc byte[128]);
        writer.WriteArray(3);
        writer.WriteInt64("index", Index);
        writer.WriteInt64("size", Size);
        writer.WriteArray("path", Path.Count, 0, Caps.MerklePath);
        foreach (var hash in Path) writer.WriteBytes("path", hash, Caps.Hash);
        return writer.ToArray("proof", Caps.Body);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static InclusionProof Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "proof", Caps.Body);
        return Read(ref reader);
    }

    internal static InclusionProof Read(ref StrictCborReader reader)
    {
        reader.ReadArray("proof", 3);
        var index = reader.ReadInt64("index");
        var size = reader.ReadInt64("size");
        var count = reader.ReadArray("path", 0, Caps.MerklePath);
        var path = count == 0 ? [] : new ReadOnlyMemory<byte>[count];
        for (var i = 0; i < path.Length; i++) path[i] = reader.ReadBytes("path", Caps.Hash);
        reader.End("proof");
        return new(index, size, path);
    }
}
