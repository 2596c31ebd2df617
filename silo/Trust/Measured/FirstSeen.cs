using System.Collections.Concurrent;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;

namespace TrustMesh.Trust.Measured;

/// <summary>
/// When a measured value was first seen on any device of its model. What is new is written within seconds, a row for each model, and the earliest moment that any
/// silo wrote counts; of what a crash kept from being written, it is the moment of the next start. A value that nobody has any more keeps its moment. Thread-safe.
/// </summary>
/// <param name="failed">Told why something could not be written or read; it is tried again.</param>
public sealed class FirstSeen(IRecordStore store, Action<string> failed, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Values of a model, and models, of which it is kept (attack A42).</summary>
    public const int MostValues = 4_096, MostModels = 64;

    /// <summary>Of the values of a model, those of one name: what is another on each device, and again after each of its boots, leaves room for the others.</summary>
    public const int MostOfName = 512;

    private const string Kind = "first-seen";
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<(ulong Name, ulong Value), DateTimeOffset>> models = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> unwritten = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Model, ulong Name), int> counts = new();
    private readonly SemaphoreSlim turn = new(1);
    private ITimer? timer;

    /// <summary>Reads what there is, and writes what is new from then on.</summary>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        foreach (var row in await store.ListAsync(Kind, cancellation)) Take(row);
        timer = time.CreateTimer(_ => _ = WriteAsync(CancellationToken.None), null, Every, Every);
    }

    /// <summary>Somebody has this value, and nobody had it a moment ago.</summary>
    public void Note(string model, ulong name, ulong value)
    {
        if (!models.TryGetValue(model, out var known))
        {
            if (models.Count >= MostModels) return;
            known = models.GetOrAdd(model, _ => new());
        }
        if (known.ContainsKey((name, value)) || known.Count >= MostValues || counts.GetValueOrDefault((model, name)) >= MostOfName) return;
        if (!known.TryAdd((name, value), time.GetUtcMillisecond())) return;
        Count(model, name);
        unwritten[model] = true;
    }

    /// <summary>Null where it is not known.</summary>
    /// <param name="name">See <see cref="MeasuredKeys"/>.</param>
    /// <param name="digest">32 bytes, empty where the file is absent.</param>
    public DateTimeOffset? Find(string model, ulong name, ReadOnlySpan<byte> digest)
        => models.TryGetValue(model, out var known) && known.TryGetValue((name, MeasuredKeys.Value(digest)), out var at) ? at : null;

    /// <summary>Writes what is new.</summary>
    public async Task WriteAsync(CancellationToken cancellation)
    {
        if (!unwritten.IsEmpty && await turn.WaitAsync(0, cancellation)) await WriteInTurnAsync(cancellation);
    }

    private async Task WriteInTurnAsync(CancellationToken cancellation)
    {
        try
        {
            foreach (var model in unwritten.Keys)
            {
                unwritten.TryRemove(model, out _);
                try
                {
                    var row = await store.ReadAsync(Kind, model, cancellation);
                    if (row is not null) Take(row);
                    await store.WriteAsync(Kind, model, row?.Version ?? 0, FirstSeenRow.Encode(models[model].OrderBy(one => one.Value).Take(MostValues)), cancellation);
                }
                catch (Exception missed) when (missed is not OperationCanceledException)
                {
                    // Another silo was quicker, or the store does not answer: the next turn reads what is there and adds to it. Nobody waits for this.
                    unwritten[model] = true;
                    if (missed is not StaleRecordException) failed(missed.Message);
                }
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>What is new is written, after a write under way: that one would go on at a store that is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (timer is not null) await timer.DisposeAsync();
        await turn.WaitAsync();
        await WriteInTurnAsync(CancellationToken.None);
    }

    private void Take(Record row)
    {
        if (FirstSeenRow.TryDecode(row.Value.Span) is not { } read)
        {
            // Attack A43: of this model it is not known any more, and everything else works.
            failed($"The row {Kind} {row.Id} cannot be read; what was first seen when is noted anew.");
            return;
        }
        var known = models.GetOrAdd(row.Id, _ => new());
        foreach (var (key, at) in read)
        {
            if (known.TryAdd(key, at)) Count(row.Id, key.Name);
            else known.AddOrUpdate(key, at, (_, had) => had < at ? had : at);
        }
    }

    private void Count(string model, ulong name) => counts.AddOrUpdate((model, name), 1, (_, had) => had + 1);
}
