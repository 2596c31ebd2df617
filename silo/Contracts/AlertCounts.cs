namespace TrustMesh.Contracts;

/// <summary>How many alerts there are now; silenced ones count as nothing else.</summary>
public sealed record AlertCounts(int Firing, int Acknowledged, int Silenced);
