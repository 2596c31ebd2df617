namespace TrustMesh.Agent.Life;

// Inside the namespace: outside of it, the folder Proving would come before the phase of that name.
using static TrustMesh.Agent.Life.AgentPhase;

/// <summary>
/// The agent's life as a table and a pure function. Nothing here knows the network, the disk or the time; STATES.md draws the table, and a test
/// keeps the two alike. SIGTERM ends every phase.
/// </summary>
public static class StateMachine
{
    /// <summary>A challenge may be gone three times in a row (a reconnect, a race with its deadline); after that something else is wrong.</summary>
    public const int MostChallengesGone = 3;

    private static readonly TimeSpan Approval = TimeSpan.FromSeconds(15), Slow = TimeSpan.FromSeconds(60), VerySlow = TimeSpan.FromMinutes(5), LongestWait = TimeSpan.FromDays(1);

    public static IReadOnlyList<Arrow> Arrows { get; } =
    [
        new(Starting, Cause.NewDevice, Enrolling),
        new(Starting, Cause.KnownDevice, Proving),

        new(Enrolling, Cause.Joined, Proving),
        new(Enrolling, Cause.Unreachable, BackingOff),
        new(Enrolling, Cause.Busy, BackingOff),
        new(Enrolling, Cause.Local, BackingOff),
        new(Enrolling, Cause.ChallengeGone, BackingOff),
        new(Enrolling, Cause.NotEnrolled, BackingOff),
        new(Enrolling, Cause.EnrolmentRefused, Refused),
        new(Enrolling, Cause.EvidenceRefused, Refused),
        new(Enrolling, Cause.NotOurSilo, Refused),
        new(Enrolling, Cause.Misunderstood, Refused),

        new(Proving, Cause.Active, Waiting),
        new(Proving, Cause.Pending, AwaitingApproval),
        new(Proving, Cause.Suspended, Suspended),
        new(Proving, Cause.Revoked, Revoked),
        new(Proving, Cause.ChallengeGone, Proving),
        new(Proving, Cause.NotEnrolled, Enrolling),
        new(Proving, Cause.Unreachable, BackingOff),
        new(Proving, Cause.Busy, BackingOff),
        new(Proving, Cause.Local, BackingOff),
        new(Proving, Cause.EvidenceRefused, Refused),
        new(Proving, Cause.EnrolmentRefused, Refused),
        new(Proving, Cause.NotOurSilo, Refused),
        new(Proving, Cause.Misunderstood, Refused),

        new(Waiting, Cause.Due, Proving),
        new(Waiting, Cause.Changed, Proving),
        new(AwaitingApproval, Cause.Due, Proving),
        new(AwaitingApproval, Cause.Changed, Proving),
        new(Suspended, Cause.Due, Proving),
        new(Suspended, Cause.Changed, Proving),
        new(Revoked, Cause.Due, Proving),
        new(BackingOff, Cause.Due, Proving),
        new(BackingOff, Cause.DueToEnrol, Enrolling),
        new(Refused, Cause.Due, Proving),
        new(Refused, Cause.DueToEnrol, Enrolling),
        new(Refused, Cause.Changed, Proving),
    ];

    private static readonly Dictionary<(AgentPhase, Cause), AgentPhase> To = Arrows.ToDictionary(arrow => (arrow.From, arrow.Cause), arrow => arrow.To);

    /// <summary>True if this can happen in this phase.</summary>
    public static bool Knows(AgentPhase phase, Cause cause) => To.ContainsKey((phase, cause));

    /// <summary>The state after something happened. Throws <see cref="InvalidOperationException"/> for what has no arrow.</summary>
    /// <param name="draw">0 ≤ draw &lt; 1, for jitter.</param>
    /// <param name="floor">The device's own lower limit of the interval.</param>
    public static AgentState Next(AgentState state, Happening happened, DateTimeOffset now, double draw, TimeSpan floor)
    {
        var cause = happened.Cause;
        if (cause == Cause.ChallengeGone && state.Attempt >= MostChallengesGone) cause = Cause.Misunderstood;
        if (!To.TryGetValue((state.Phase, cause), out var to)) throw new InvalidOperationException($"{cause} can not happen while {state.Phase}.");
        var accepted = cause is Cause.Active or Cause.Pending or Cause.Suspended or Cause.Revoked;
        var attempt = accepted || cause == Cause.Joined ? 0 : IsFailure(cause) ? state.Attempt + 1 : state.Attempt;
        var wait = to switch
        {
            BackingOff => Backoff.Delay(attempt, draw, happened.After),
            Refused => Slow * (0.5 + draw / 2),
            Waiting => Between(floor, happened.After, LongestWait) * (0.9 + draw / 10),
            AwaitingApproval => Between(floor, happened.After, Approval) * (0.9 + draw / 10),
            Suspended => Between(Slow, happened.After, LongestWait) * (0.9 + draw / 10),
            Revoked => Between(VerySlow, happened.After, LongestWait) * (0.9 + draw / 10),
            _ => TimeSpan.Zero,
        };
        return new(to, now + wait, attempt,
            cause is Cause.Joined or Cause.KnownDevice || state.Enrolled && cause is not Cause.NotEnrolled,
            happened.Text, to == state.Phase ? state.Since : now, accepted ? now : state.ProvenAt);
    }

    private static bool IsFailure(Cause cause) => cause >= Cause.Unreachable;

    private static TimeSpan Between(TimeSpan least, TimeSpan? wish, TimeSpan most)
    {
        var wait = wish ?? least;
        return wait < least ? least : wait > most ? most : wait;
    }
}
