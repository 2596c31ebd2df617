namespace TrustMesh.Contracts;

/// <summary>What is saved under the name in the path.</summary>
public sealed record SavedQueryUpdate(string Query);
