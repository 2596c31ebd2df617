using Orleans.Storage;

namespace TrustMesh.Orleans.Storage;

/// <summary>Lets a provider store a row's bytes as they are: no JSON, no base64, nothing of Orleans in them.</summary>
public sealed class RowSerializer : IGrainStorageSerializer
{
    /// <summary>What is longer than any row of ours is not copied whole; the reader refuses it by its length.</summary>
    private const int Longest = RowFormat.HeaderSize + Rows.Largest + 1;

    public BinaryData Serialize<T>(T? input)
        => input is RowBytes row ? BinaryData.FromBytes(row.Bytes) : throw new NotSupportedException($"Only rows of TrustMesh are stored here, not {typeof(T)}.");

    /// <summary>A copy: providers lend their buffers.</summary>
    public T? Deserialize<T>(BinaryData input)
    {
        var bytes = input.ToMemory().Span;
        return new RowBytes { Bytes = bytes[..Math.Min(bytes.Length, Longest)].ToArray() } is T row
            ? row
            : throw new NotSupportedException($"Only rows of TrustMesh are stored here, not {typeof(T)}.");
    }
}
