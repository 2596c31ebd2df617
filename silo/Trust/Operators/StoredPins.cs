using TrustMesh.Contracts;

namespace TrustMesh.Trust.Operators;

/// <summary>One person's row.</summary>
internal sealed record StoredPins(IReadOnlyList<GraphPin> Pins);
