namespace TrustMesh.Orleans.Storage;

/// <summary>What a storage provider is given as a grain's state: bytes that only <see cref="RowFormat"/> reads.</summary>
internal sealed class RowBytes
{
    public byte[] Bytes { get; set; } = [];
}
