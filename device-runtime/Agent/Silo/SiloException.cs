namespace TrustMesh.Agent.Silo;

/// <summary>An exchange with the silo that did not end as it should. The message is for people; the agent acts on the kind alone.</summary>
/// <param name="retryAfter">What the silo asked for, if anything.</param>
public sealed class SiloException(FailureKind kind, string message, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(message, inner)
{
    public FailureKind Kind { get; } = kind;

    /// <summary>True where another silo of the mesh may do better. What was turned down for what it is would be turned down anywhere.</summary>
    public bool ConcernsThisSilo => Kind is FailureKind.Unreachable or FailureKind.NotOurSilo or FailureKind.Busy or FailureKind.NotEnrolled or FailureKind.Misunderstood;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>
    /// What a whole round of silos comes to. What all of them say is so; where they differ it is a matter of time: to a device that some silos do not know, the
    /// others may only be away, or a silo may not have heard of it yet, and neither is a reason to join anew.
    /// </summary>
    /// <param name="failures">One of each silo that was asked, at least one.</param>
    public static SiloException Of(IReadOnlyList<SiloException> failures)
    {
        var busy = failures.Where(failure => failure.Kind == FailureKind.Busy).ToList();
        var kind = failures.All(failure => failure.Kind == failures[0].Kind) ? failures[0].Kind : busy.Count > 0 ? FailureKind.Busy : FailureKind.Unreachable;
        return new(kind, $"None of {failures.Count} silos will do. {string.Join(" ", failures.Select(failure => failure.Message).Distinct())}", busy.Min(failure => failure.RetryAfter), failures[0]);
    }
}
