namespace TrustMesh.Orleans.Storage;

/// <summary>One row as it was read.</summary>
/// <param name="Version">1 is the first.</param>
/// <param name="Payload">May be empty.</param>
public sealed record Row(long Version, ReadOnlyMemory<byte> Payload);
