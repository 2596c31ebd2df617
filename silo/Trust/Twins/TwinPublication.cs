namespace TrustMesh.Trust.Twins;

/// <summary>What a twin tells the directory and the feeds after a save: its state, and what happened.</summary>
public sealed record TwinPublication(TwinState State, IReadOnlyList<TwinEvent> Events);
