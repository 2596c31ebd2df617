namespace TrustMesh.Tests.Host;

/// <summary>The real clock, but that what lasts lasts as much longer as a test says. Timers are real.</summary>
public sealed class JumpingTime : TimeProvider
{
    private long ahead;

    public override long TimestampFrequency => System.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + System.GetElapsedTime(0, Interlocked.Read(ref ahead));

    public override long GetTimestamp() => System.GetTimestamp() + Interlocked.Read(ref ahead);

    public void Jump(TimeSpan by) => Interlocked.Add(ref ahead, (long)(by.TotalSeconds * TimestampFrequency));
}
