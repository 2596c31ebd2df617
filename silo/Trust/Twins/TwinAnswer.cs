namespace TrustMesh.Trust.Twins;

/// <summary>The twin after a call; <paramref name="Refused"/> is a sentence if the call was not possible in its standing (nothing changed).</summary>
public sealed record TwinAnswer(TwinState State, string? Refused);
