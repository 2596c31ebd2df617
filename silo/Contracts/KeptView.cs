namespace TrustMesh.Contracts;

/// <summary>One thing the silo keeps, and how long.</summary>
/// <param name="Setting">What changes it: an option of the silo, or a command; null: it is fixed.</param>
public sealed record KeptView(string What, string HowLong, string? Setting = null);
