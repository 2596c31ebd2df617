namespace TrustMesh.Trust.Operators;

/// <summary>A signed-in person.</summary>
public sealed record OperatorIdentity(string Name, OperatorRole Role, DateTimeOffset ExpiresAt)
{
    public string RoleText => Role.ToString().ToLowerInvariant();
}
