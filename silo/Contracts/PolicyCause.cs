namespace TrustMesh.Contracts;

/// <summary>Devices with one effect for one reason.</summary>
/// <param name="Check">Of the finding behind it; empty for unjudged ones.</param>
/// <param name="Query">Finds them (API.md, Queries); null where no query is short enough.</param>
public sealed record PolicyCause(string Effect, string Check, string Cause, int Count, string? Query);
