namespace TrustMesh.Bench;

/// <summary>One line of the table: what was measured, the figure with its unit, what it is compared with, the target.</summary>
public sealed record Row(string What, string Figure, string Beside, string Target);
