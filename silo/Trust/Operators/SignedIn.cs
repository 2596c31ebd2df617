namespace TrustMesh.Trust.Operators;

/// <summary>A person who has just come in.</summary>
/// <param name="Token">The only place where its text is.</param>
public sealed record SignedIn(OperatorIdentity Identity, string Token);
