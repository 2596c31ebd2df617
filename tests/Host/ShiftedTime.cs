namespace TrustMesh.Tests.Host;

/// <summary>The real clock, ahead by what a test says. Timers are real.</summary>
public sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
}
