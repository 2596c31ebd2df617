namespace TrustMesh.Agent.Silo;

/// <summary>What went wrong, sorted by what the agent has to do about it.</summary>
public enum FailureKind
{
    /// <summary>No connection, or it ended, or no answer in time. Try again with back-off, for ever.</summary>
    Unreachable,

    /// <summary>Something answered that is not a silo of our mesh. Nothing was sent to it. Try again slowly.</summary>
    NotOurSilo,

    /// <summary>The silo is there and asks for patience. Back off, at least as long as it says.</summary>
    Busy,

    /// <summary>The challenge is used up, expired or of another connection. Ask for a new one at once.</summary>
    ChallengeGone,

    /// <summary>The silo accepted no evidence that vouches for this connection's key. Prove first.</summary>
    NotProven,

    /// <summary>The silo does not know this device. Enrol.</summary>
    NotEnrolled,

    /// <summary>Enrolment was turned down: token or root of trust. An operator has to act; ask slowly.</summary>
    EnrolmentRefused,

    /// <summary>The evidence was turned down as a whole. Ask slowly, and whenever a measured file changes.</summary>
    EvidenceRefused,

    /// <summary>What was said is not the protocol: one side is of another version. Ask slowly.</summary>
    Misunderstood,

    /// <summary>The root of trust or the disk did not do its part. Back off.</summary>
    Local,
}
