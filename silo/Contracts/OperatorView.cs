namespace TrustMesh.Contracts;

/// <summary>One person of the list.</summary>
/// <param name="CreatedBy">Who put them there; <c>the machine</c> for the admin of a silo's own code.</param>
public sealed record OperatorView(string Name, IReadOnlyList<Grant> Grants, bool Disabled, DateTimeOffset CreatedAt, string CreatedBy, int Sessions, int Passkeys);
