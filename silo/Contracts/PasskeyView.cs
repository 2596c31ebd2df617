namespace TrustMesh.Contracts;

/// <param name="Id">16 digits.</param>
/// <param name="UsedAt">Null until it was.</param>
/// <param name="BackedUp">The person's other devices may have it too.</param>
public sealed record PasskeyView(string Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? UsedAt, bool BackedUp);
