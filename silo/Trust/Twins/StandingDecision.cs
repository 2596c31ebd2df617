using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Twins;

/// <summary>A person's decision about a device.</summary>
/// <param name="To">Active, suspended or revoked.</param>
/// <param name="Resume">To active: from suspended, else from pending.</param>
/// <param name="Actor">Operator's name.</param>
/// <param name="Expected">Version of the twin the person looked at; null if any will do.</param>
public sealed record StandingDecision(Standing To, bool Resume, string Actor, string? Reason, long? Expected);
