namespace TrustMesh.Agent.Life;

/// <summary>Why the agent changes its phase. One word for each arrow of STATES.md.</summary>
public enum Cause
{
    KnownDevice,
    NewDevice,
    Joined,
    Active,
    Pending,
    Suspended,
    Revoked,
    Due,
    DueToEnrol,
    Changed,
    Unreachable,
    NotOurSilo,
    Busy,
    ChallengeGone,
    NotEnrolled,
    EnrolmentRefused,
    EvidenceRefused,
    Misunderstood,
    Local,
}
