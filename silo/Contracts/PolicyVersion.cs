namespace TrustMesh.Contracts;

/// <summary>A policy that is or was in force.</summary>
/// <param name="By">Who had it signed: a person, or <c>silo</c> where it was signed anew by itself or by its settings; empty where that was not kept.</param>
/// <param name="Why">Null where nobody said.</param>
public sealed record PolicyVersion(long Version, DateTimeOffset At, string By, string? Why, bool InForce);
