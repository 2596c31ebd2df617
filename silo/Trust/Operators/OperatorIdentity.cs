namespace TrustMesh.Trust.Operators;

/// <summary>A signed-in person.</summary>
/// <param name="SessionId">Of the session, for lists of them; not the token.</param>
public sealed record OperatorIdentity(string Name, OperatorRights Rights, DateTimeOffset ExpiresAt, string SessionId)
{
    /// <summary>The highest role that holds for the whole mesh.</summary>
    public string RoleText => OperatorRights.Word(Rights.Everywhere);
}
