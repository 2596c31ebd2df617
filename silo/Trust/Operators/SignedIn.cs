namespace TrustMesh.Trust.Operators;

/// <summary>A person who has just come in.</summary>
/// <param name="Token">The only place where its text is.</param>
/// <param name="Admitted">With a code of the machine: what it did to the list of people.</param>
public sealed record SignedIn(OperatorIdentity Identity, string Token, OperatorAct? Admitted = null);
