namespace TrustMesh.Contracts;

/// <summary>Take a device's current, verified measurements as known-good for its model. Admin.</summary>
public sealed record LearnRequest(string Device);
