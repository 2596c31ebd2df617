using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>A statement that was accepted, or the findings that refused it; with <see cref="Accepted"/> set every finding is a pass.</summary>
public sealed record Statement<T>(T? Accepted, IReadOnlyList<Finding> Findings) where T : class;
