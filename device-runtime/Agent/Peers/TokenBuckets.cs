namespace TrustMesh.Agent.Peers;

/// <summary>A token bucket for each key, so that one that asks too often does not cost the others. Buckets that are full again are forgotten. Thread-safe.</summary>
/// <param name="perSecond">Tokens that come back.</param>
/// <param name="burst">Tokens a bucket holds.</param>
public sealed class TokenBuckets<TKey>(double perSecond, double burst, TimeProvider time) where TKey : notnull
{
    /// <summary>Keys that are remembered; with more of them at once, new ones wait until buckets are full again (attack A42).</summary>
    public const int MostKeys = 4096;

    private readonly Lock gate = new();
    private readonly Dictionary<TKey, (double Tokens, long At)> buckets = [];

    /// <summary>Takes a token; false if there is none.</summary>
    public bool TryTake(TKey key)
    {
        var now = time.GetTimestamp();
        lock (gate)
        {
            var known = buckets.TryGetValue(key, out var bucket);
            if (!known && buckets.Count >= MostKeys && Forget(now) == 0) return false;
            var tokens = known ? Filled(bucket, now) : burst;
            buckets[key] = (tokens >= 1 ? tokens - 1 : tokens, now);
            return tokens >= 1;
        }
    }

    private int Forget(long now)
    {
        var full = buckets.Where(one => Filled(one.Value, now) >= burst).Select(one => one.Key).ToList();
        full.ForEach(key => buckets.Remove(key));
        return full.Count;
    }

    private double Filled((double Tokens, long At) bucket, long now) => Math.Min(burst, bucket.Tokens + time.GetElapsedTime(bucket.At, now).TotalSeconds * perSecond);
}
