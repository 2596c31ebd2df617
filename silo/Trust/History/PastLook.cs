namespace TrustMesh.Trust.History;

/// <summary>How a device looked at an instant, and since when.</summary>
public sealed record PastLook(string Name, string Look, DateTimeOffset Since);
