namespace TrustMesh.Contracts;

/// <summary>One of the mesh's logs as it is now.</summary>
/// <param name="Origin">Names the log for ever: <c>MESH/log/NUMBER</c>.</param>
/// <param name="Size">Entries.</param>
/// <param name="Root">Base64, 32 bytes.</param>
/// <param name="SignedAt">When the checkpoint was signed.</param>
public sealed record LogView(int Number, string Origin, long Size, string Root, DateTimeOffset SignedAt);
