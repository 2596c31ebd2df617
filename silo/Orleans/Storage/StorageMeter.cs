using TrustMesh.Trust.Records;

namespace TrustMesh.Orleans.Storage;

/// <summary>Counts what <see cref="Rows"/> asks of the storage and how long it takes. Thread-safe.</summary>
public sealed class StorageMeter(TimeProvider time)
{
    /// <summary>Weight of the newest of so many in a mean.</summary>
    private const double Window = 32;

    private readonly Lock gate = new();
    private long reads, writes, conflicts, errors, minute;
    private double readMean, writeMean, slowest, slowestBefore;
    private string lastError = "";
    private DateTimeOffset? lastErrorAt;

    /// <summary>Whether errors go on.</summary>
    public FailureRun Failing { get; } = new(time);

    /// <summary>As of now.</summary>
    public StorageHealth Read()
    {
        lock (gate)
        {
            Turn();
            return new(reads, writes, conflicts, errors, TimeSpan.FromSeconds(readMean), TimeSpan.FromSeconds(writeMean), TimeSpan.FromSeconds(Math.Max(slowest, slowestBefore)), lastError, lastErrorAt);
        }
    }

    internal long Start() => time.GetTimestamp();

    internal void HasRead(long started)
    {
        lock (gate) readMean = Note(started, readMean, reads++);
    }

    internal void HasWritten(long started)
    {
        lock (gate) writeMean = Note(started, writeMean, writes++);
    }

    internal void HasLost(long started)
    {
        lock (gate)
        {
            writeMean = Note(started, writeMean, writes++);
            conflicts++;
        }
    }

    internal void HasFailed(string what)
    {
        Failing.Failed();
        lock (gate)
        {
            errors++;
            (lastError, lastErrorAt) = (what, time.GetUtcNow());
        }
    }

    private double Note(long started, double mean, long count)
    {
        var took = time.GetElapsedTime(started).TotalSeconds;
        Turn();
        slowest = Math.Max(slowest, took);
        return mean + ((took - mean) / Math.Min(count + 1, Window));
    }

    private void Turn()
    {
        var now = time.GetTimestamp() / (time.TimestampFrequency * 60);
        if (now == minute) return;
        (slowestBefore, slowest) = (now == minute + 1 ? slowest : 0, 0);
        minute = now;
    }
}
