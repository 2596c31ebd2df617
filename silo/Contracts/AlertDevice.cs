namespace TrustMesh.Contracts;

/// <summary>A device of an alert.</summary>
public sealed record AlertDevice(string Id, string Name, string Site);
