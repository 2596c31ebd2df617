namespace TrustMesh.Orleans.Storage;

/// <summary>
/// What was seen last, for so many keys at least and twice as many at most: two generations, the older one is let go when the younger is full.
/// Thread-safe.
/// </summary>
internal sealed class Remembered<TKey, TValue>(int capacity) where TKey : notnull where TValue : struct
{
    private readonly Lock gate = new();
    private Dictionary<TKey, TValue> young = [], old = [];

    public TValue? Find(TKey key)
    {
        lock (gate)
        {
            if (young.TryGetValue(key, out var value)) return value;
            if (!old.Remove(key, out value)) return null;
            Put(key, value);
            return value;
        }
    }

    public void Set(TKey key, TValue value)
    {
        lock (gate)
        {
            old.Remove(key);
            Put(key, value);
        }
    }

    public void Forget(TKey key)
    {
        lock (gate)
        {
            young.Remove(key);
            old.Remove(key);
        }
    }

    private void Put(TKey key, TValue value)
    {
        if (young.Count >= capacity && !young.ContainsKey(key)) (old, young) = (young, []);
        young[key] = value;
    }
}
