namespace TrustMesh.Trust.Feed;

/// <summary>
/// A numbered stream of which the last N items are kept. Readers hold nothing but the number they have read to, so a slow one costs
/// nothing: when what it wants is gone it is told so and starts over. A number another ring gave, at another
/// silo or in an earlier run, has to be one this ring never gave: whoever makes a ring draws its start. Thread-safe.
/// </summary>
public sealed class FeedRing<T>
{
    private readonly Lock gate = new();
    private readonly T[] items;
    private readonly long first;
    private long last;
    private TaskCompletionSource? waiting;

    /// <param name="start">Number before the first item, not negative.</param>
    public FeedRing(int capacity, long start)
    {
        items = new T[capacity];
        first = last = start;
    }

    /// <summary>Number of the newest item.</summary>
    public long Last => Interlocked.Read(ref last);

    /// <summary>Number before the oldest item that is still here.</summary>
    public long Oldest => Math.Max(first, Last - items.Length);

    /// <param name="make">Gets the item's number.</param>
    public void Append(Func<long, T> make)
    {
        TaskCompletionSource? wake;
        lock (gate)
        {
            var number = last + 1;
            items[number % items.Length] = make(number);
            Interlocked.Exchange(ref last, number);
            (wake, waiting) = (waiting, null);
        }
        wake?.SetResult();
    }

    /// <summary>Everything after that number; null if some of it is gone, or the number was never given.</summary>
    public IReadOnlyList<T>? After(long number)
    {
        lock (gate)
        {
            if (number < Oldest || number > last) return null;
            var news = new T[last - number];
            for (var i = 0; i < news.Length; i++) news[i] = items[(number + 1 + i) % items.Length];
            return news;
        }
    }

    /// <summary>Ends when there is something after that number.</summary>
    public Task WaitAsync(long number, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (last != number) return Task.CompletedTask;
            waiting ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return waiting.Task.WaitAsync(cancellation);
        }
    }
}
