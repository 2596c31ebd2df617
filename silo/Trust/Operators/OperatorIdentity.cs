namespace TrustMesh.Trust.Operators;

/// <summary>A signed-in person.</summary>
/// <param name="SessionId">Of the session, for lists of them; not the token.</param>
/// <param name="How">code, passkey or oidc; null if it is older than that is kept.</param>
public sealed record OperatorIdentity(string Name, OperatorRights Rights, DateTimeOffset ExpiresAt, string SessionId, string? How = null)
{
    /// <summary>The highest role that holds for the whole mesh.</summary>
    public string RoleText => OperatorRights.Word(Rights.Everywhere);
}
