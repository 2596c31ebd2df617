namespace TrustMesh.Contracts;

/// <summary>One person of the list.</summary>
/// <param name="CreatedBy">Who put them there; <c>the machine</c> for the admin of a silo's own code.</param>
/// <param name="ApiTokens">Names of the API tokens they made that have not ended: they stop while the person is disabled, and for good once removed. Null from a silo of before there were any.</param>
public sealed record OperatorView(
    string Name, IReadOnlyList<Grant> Grants, bool Disabled, DateTimeOffset CreatedAt, string CreatedBy, int Sessions, int Passkeys, IReadOnlyList<string>? ApiTokens = null);
