using TrustMesh.Agent.Silo;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Life;

/// <summary>What happened to the agent: the input of <see cref="StateMachine.Next"/>.</summary>
/// <param name="Text">For people.</param>
/// <param name="After">The silo's wish: time to the next evidence, or its Retry-After.</param>
public sealed record Happening(Cause Cause, string Text, TimeSpan? After = null)
{
    public static Happening Began(bool enrolled) => enrolled ? new(Cause.KnownDevice, "enrolled before") : new(Cause.NewDevice, "not enrolled yet");

    public static Happening Joined(Standing standing) => new(Cause.Joined, standing == Standing.Pending ? "enrolled; an operator has to approve it" : "enrolled");

    public static Happening Accepted(Standing standing, TimeSpan next) => standing switch
    {
        Standing.Active => new(Cause.Active, "evidence accepted", next),
        Standing.Suspended => new(Cause.Suspended, "an operator suspended this device; resume it with: trustmesh device resume", next),
        Standing.Revoked => new(Cause.Revoked, "this device was revoked, which is final; a new root of trust is needed to join again", next),
        _ => new(Cause.Pending, "evidence accepted; approve the device in the dashboard or with: trustmesh device approve", next),
    };

    public static Happening Failed(SiloException failure) => new(failure.Kind switch
    {
        FailureKind.NotOurSilo => Cause.NotOurSilo,
        FailureKind.Busy => Cause.Busy,
        FailureKind.ChallengeGone => Cause.ChallengeGone,
        FailureKind.NotEnrolled => Cause.NotEnrolled,
        FailureKind.EnrolmentRefused => Cause.EnrolmentRefused,
        FailureKind.EvidenceRefused => Cause.EvidenceRefused,
        FailureKind.Misunderstood => Cause.Misunderstood,
        FailureKind.Local => Cause.Local,
        _ => Cause.Unreachable,
    }, failure.Message, failure.RetryAfter);
}
