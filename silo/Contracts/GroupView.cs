namespace TrustMesh.Contracts;

/// <summary>What members of a group of the OpenID provider may do, as the silo was started with (<c>--oidc-group</c>).</summary>
public sealed record GroupView(string Name, IReadOnlyList<Grant> Grants);
