namespace TrustMesh.Agent.Life;

/// <summary>What the agent is doing. Drawn in STATES.md.</summary>
public enum AgentPhase
{
    /// <summary>Opening the root of trust, taking up the log, measuring.</summary>
    Starting,

    /// <summary>Introducing the device to the mesh.</summary>
    Enrolling,

    /// <summary>Making and sending evidence.</summary>
    Proving,

    /// <summary>Trusted with a standing; the next proof is due later.</summary>
    Waiting,

    /// <summary>Enrolled, and an operator has to say yes. Keeps proving.</summary>
    AwaitingApproval,

    /// <summary>Something failed that time can heal. Tries again, jittered, for ever.</summary>
    BackingOff,

    /// <summary>Turned down, or not our silo: somebody has to act. Asks again slowly, and when a measured file changes.</summary>
    Refused,

    /// <summary>An operator suspended the device. Keeps proving slowly, so that it can be resumed.</summary>
    Suspended,

    /// <summary>Revoked, which is final; asks very slowly, so that the device's page stays truthful.</summary>
    Revoked,
}
