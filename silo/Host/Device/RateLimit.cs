using System.Collections.Concurrent;

namespace TrustMesh.Host.Device;

/// <summary>Token buckets by key: so many a second, twice as many in a burst (attack A42). Forgets who has been quiet. Thread-safe.</summary>
public sealed class RateLimit<TKey>(int perSecond, TimeProvider time) where TKey : notnull
{
    private const int MostKeys = 200_000;

    private readonly ConcurrentDictionary<TKey, Bucket> buckets = new();
    private int cleaning;

    /// <summary>Takes one; false if there is none.</summary>
    public bool TryTake(TKey key)
    {
        var now = time.GetTimestamp();
        if (!buckets.TryGetValue(key, out var bucket))
        {
            if (buckets.Count >= MostKeys) Clean(now);
            if (buckets.Count >= MostKeys) return false;
            bucket = buckets.GetOrAdd(key, static (_, start) => new(start.Burst, start.Now), (Burst: 2.0 * perSecond, Now: now));
        }
        lock (bucket)
        {
            bucket.Tokens = Refilled(bucket, now);
            bucket.Last = now;
            if (bucket.Tokens < 1) return false;
            bucket.Tokens--;
            return true;
        }
    }

    private double Refilled(Bucket bucket, long now) => Math.Min(2.0 * perSecond, bucket.Tokens + time.GetElapsedTime(bucket.Last, now).TotalSeconds * perSecond);

    private void Clean(long now)
    {
        if (Interlocked.Exchange(ref cleaning, 1) == 1) return;
        foreach (var (key, bucket) in buckets)
        {
            lock (bucket)
            {
                // Full again: forgetting it changes nothing.
                if (Refilled(bucket, now) >= 2.0 * perSecond) buckets.TryRemove(new(key, bucket));
            }
        }
        Volatile.Write(ref cleaning, 0);
    }

    private sealed class Bucket(double tokens, long last)
    {
        public double Tokens { get; set; } = tokens;

        public long Last { get; set; } = last;
    }
}
