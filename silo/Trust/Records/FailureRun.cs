namespace TrustMesh.Trust.Records;

/// <summary>
/// Whether a storage keeps failing. One failure is tried again and forgotten; those that go on for ten seconds, with no pause of thirty between two, are for a person to see, until thirty
/// seconds have passed without one. Thread-safe.
/// </summary>
public sealed class FailureRun(TimeProvider time)
{
    public static readonly TimeSpan Counts = TimeSpan.FromSeconds(10), Over = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private long first;
    private long? last;
    private DateTimeOffset since;
    private bool counted;

    /// <summary>Since when it fails; null while it does not, or not for long enough.</summary>
    public DateTimeOffset? Since
    {
        get
        {
            lock (gate) return counted && !IsOver ? since : null;
        }
    }

    private bool IsOver => last is not { } at || time.GetElapsedTime(at) > Over;

    /// <summary>It failed just now.</summary>
    public void Failed()
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            if (IsOver) (first, since, counted) = (now, time.GetUtcNow(), false);
            last = now;
            counted |= time.GetElapsedTime(first, now) >= Counts;
        }
    }

    /// <summary>Somebody else has seen it fail for long enough, up to now.</summary>
    public void GoOn()
    {
        lock (gate) (first, last, since, counted) = (time.GetTimestamp(), time.GetTimestamp(), time.GetUtcNow(), true);
    }
}
