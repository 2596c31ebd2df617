namespace TrustMesh.Contracts;

/// <summary>Asks for an API token: what a machine carries instead of somebody's session.</summary>
/// <param name="Name">1 to 63 of a-z, 0-9, '.' and '-', the first a letter or digit; of no other token that counts. The log names the token so: <c>token NAME</c>.</param>
/// <param name="Grants">1 to 8, with at most 64 sites in all, as a person has them.</param>
/// <param name="TtlSeconds">3,600..31,622,400 (366 days); null: 90 days.</param>
/// <param name="Reason">Why; it stays in the log.</param>
public sealed record ApiTokenRequest(string Name, IReadOnlyList<Grant> Grants, int? TtlSeconds = null, string? Reason = null);
