namespace TrustMesh.Trust.Operators;

/// <summary>A signed-in person, or a machine with an API token.</summary>
/// <param name="Name">As timelines and logs have it. That of a machine is <c>token NAME</c>: no person has a space in theirs, so neither can pass as the other.</param>
/// <param name="SessionId">Of the session, for lists of them; not the token.</param>
/// <param name="How">code, passkey or oidc, or <see cref="ByToken"/>; null if it is older than that is kept.</param>
public sealed record OperatorIdentity(string Name, OperatorRights Rights, DateTimeOffset ExpiresAt, string SessionId, string? How = null)
{
    /// <summary>How a machine comes in.</summary>
    public const string ByToken = "token";

    /// <summary>It is no person, whatever it may do.</summary>
    public bool IsMachine => How == ByToken;

    /// <summary>The highest role that holds for the whole mesh.</summary>
    public string RoleText => OperatorRights.Word(Rights.Everywhere);
}
