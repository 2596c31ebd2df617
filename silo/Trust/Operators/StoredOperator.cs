namespace TrustMesh.Trust.Operators;

/// <summary>One person of the list.</summary>
/// <param name="Subject">Who an identity provider says it is; null for a person of our own list.</param>
/// <param name="Handle">Hex of 16 random bytes: what authenticators know the person by (WebAuthn 3, 5.4.3); says nothing about them.</param>
internal sealed record StoredOperator(string Name, IReadOnlyList<RoleGrant> Grants, bool Disabled, DateTimeOffset CreatedAt, string CreatedBy, string Handle, string? Subject = null)
{
    internal OperatorRights Rights => OperatorRights.Stored(Grants);

    /// <summary>May do everything everywhere, now.</summary>
    internal bool IsAdmin => !Disabled && Rights.Everywhere == OperatorRole.Admin;
}
