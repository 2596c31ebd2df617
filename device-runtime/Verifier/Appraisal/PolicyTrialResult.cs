using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>What a policy says of some evidence.</summary>
/// <param name="Status">Null if it cannot be judged; <paramref name="Unjudged"/> then says why.</param>
/// <param name="Because">The findings that lead to it.</param>
public sealed record PolicyTrialResult(TrustTier? Status, IReadOnlyList<Finding> Because, string? Unjudged);
