namespace TrustMesh.Agent.Life;

/// <summary>One arrow of the state machine.</summary>
public readonly record struct Arrow(AgentPhase From, Cause Cause, AgentPhase To);
