namespace TrustMesh.Trust.Records;

/// <summary>One small row: tokens, sessions, serials, statements.</summary>
/// <param name="Version">1 is the first.</param>
public sealed record Record(string Kind, string Id, long Version, ReadOnlyMemory<byte> Value);
