namespace TrustMesh.Contracts;

/// <summary>What somebody may do at one place, and why.</summary>
/// <param name="Kind">person, token, group.</param>
/// <param name="Site">Null: what concerns the mesh as a whole.</param>
/// <param name="Role">The highest that holds there: viewer, operator, approver, admin.</param>
/// <param name="May">The same in words.</param>
/// <param name="Because">The grant it comes from.</param>
/// <param name="Stopped">Why all this is nothing at the moment; null if it holds.</param>
public sealed record RightsLine(string Who, string Kind, string? Site, string Role, string May, string Because, string? Stopped);
