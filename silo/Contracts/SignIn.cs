namespace TrustMesh.Contracts;

/// <summary>One-time sign-in code to a session.</summary>
public sealed record SignIn(string Code);
