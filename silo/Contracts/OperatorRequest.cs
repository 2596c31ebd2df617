namespace TrustMesh.Contracts;

/// <summary>Asks for a one-time sign-in code for a person.</summary>
public sealed record OperatorRequest(string Name, string Role);
