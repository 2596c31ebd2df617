using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Peers;

/// <summary>This end's answer to a hello whose membership is good.</summary>
/// <param name="Facts">As they are after what the hello brought was looked at.</param>
/// <param name="Give">Statements of which the other end has an older one, or none.</param>
public sealed record Acquaintance(HelloFacts Facts, GossipStatements Give);
