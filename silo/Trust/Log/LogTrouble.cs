namespace TrustMesh.Trust.Log;

/// <summary>
/// Whether the mesh's logs take lines, as one silo finds it: by what becomes of its own, and, while one does not, by trying. What cannot be written down is the one thing the log itself
/// never tells. Thread-safe.
/// </summary>
/// <param name="logs">How many there are.</param>
/// <param name="attempt">Writes the head of a log anew, over the same entries; throws if that cannot be done.</param>
public sealed class LogTrouble(int logs, Func<int, CancellationToken, Task> attempt, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<int, (DateTimeOffset Since, string Why)> refusing = [];

    /// <summary>Since when the first of them takes no lines, which, and what the last one said; null while all do.</summary>
    public (DateTimeOffset Since, IReadOnlyList<int> Logs, string Why)? Now
    {
        get
        {
            lock (gate) return refusing.Count == 0 ? null : (refusing.Values.Min(one => one.Since), [.. refusing.Keys], refusing.Values.MaxBy(one => one.Since).Why);
        }
    }

    /// <summary>Tries the logs that take no lines, and knows afterwards which do.</summary>
    /// <param name="all">The others too.</param>
    public async Task TryAsync(bool all, CancellationToken cancellation)
    {
        foreach (var log in all ? [.. Enumerable.Range(0, logs)] : Now?.Logs ?? [])
        {
            try
            {
                await OfAsync(log, () => attempt(log, cancellation));
            }
            catch (IOException)
            {
                // Remembered; it is tried again.
                continue;
            }
        }
    }

    /// <summary>Runs an append to a log, and remembers what became of it.</summary>
    internal async Task OfAsync(int log, Func<Task> append)
    {
        try
        {
            await append();
            lock (gate) refusing.Remove(log);
        }
        catch (IOException refused)
        {
            lock (gate) refusing[log] = (refusing.TryGetValue(log, out var known) ? known.Since : time.GetUtcNow(), refused.Message);
            throw;
        }
    }
}
