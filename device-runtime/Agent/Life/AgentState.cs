namespace TrustMesh.Agent.Life;

/// <summary>The whole state of the agent's life; immutable.</summary>
/// <param name="DueAt">When the phase ends by itself; the past for phases that act at once.</param>
/// <param name="Attempt">Failures since the last success.</param>
/// <param name="Enrolled">Whether there is an identity to prove, or one has to be asked for first.</param>
/// <param name="Reason">For people.</param>
/// <param name="ProvenAt">When evidence was last accepted.</param>
public sealed record AgentState(AgentPhase Phase, DateTimeOffset DueAt, int Attempt, bool Enrolled, string Reason, DateTimeOffset Since, DateTimeOffset? ProvenAt)
{
    public static AgentState At(DateTimeOffset now) => new(AgentPhase.Starting, now, 0, false, "starting", now, null);

    /// <summary>True for phases that do something now rather than wait.</summary>
    public bool Acts => Phase is AgentPhase.Starting or AgentPhase.Enrolling or AgentPhase.Proving;
}
