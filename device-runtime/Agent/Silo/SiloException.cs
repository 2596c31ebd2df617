namespace TrustMesh.Agent.Silo;

/// <summary>An exchange with the silo that did not end as it should. The message is for people; the agent acts on the kind alone.</summary>
/// <param name="retryAfter">What the silo asked for, if anything.</param>
public sealed class SiloException(FailureKind kind, string message, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(message, inner)
{
    public FailureKind Kind { get; } = kind;

    public TimeSpan? RetryAfter { get; } = retryAfter;
}
