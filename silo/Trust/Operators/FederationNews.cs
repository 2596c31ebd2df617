namespace TrustMesh.Trust.Operators;

/// <summary>What came of asking an identity provider again, where the log has to tell of it.</summary>
/// <param name="Name">The person.</param>
/// <param name="What">A sentence's part: what happened.</param>
/// <param name="Act">What it changed in the list of people; null for nothing.</param>
/// <param name="Why">For the silo's own log.</param>
public sealed record FederationNews(string Name, string What, OperatorAct? Act, string Why);
