namespace TrustMesh.Contracts;

/// <summary>As in <see cref="GraphPin"/>.</summary>
public sealed record PinPlace(double X, double Y);
