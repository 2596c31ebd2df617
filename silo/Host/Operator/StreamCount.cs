namespace TrustMesh.Host.Operator;

/// <summary>How many streams are open (attack A42).</summary>
public sealed class StreamCount(int most)
{
    private int open;

    /// <summary>A place to dispose when the stream ends; null if there is none left.</summary>
    public IDisposable? TryEnter()
    {
        if (Interlocked.Increment(ref open) <= most) return new Place(this);
        Interlocked.Decrement(ref open);
        return null;
    }

    private sealed class Place(StreamCount count) : IDisposable
    {
        private int left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) == 0) Interlocked.Decrement(ref count.open);
        }
    }
}
