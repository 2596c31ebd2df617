using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Api;

/// <summary>
/// The silo's numbered live streams, read until the caller has enough. A broken connection is resumed after the last number seen, at the next silo
/// if need be; numbers of one silo mean nothing to another.
/// </summary>
internal sealed class EventStream(SiloApi api, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Events after <paramref name="after"/>; 0 starts with the oldest the silo keeps.</summary>
    public async IAsyncEnumerable<TrustEvent> EventsAsync(long after, [EnumeratorCancellation] CancellationToken ct)
    {
        var (last, newest, told) = ((long?)null, DateTimeOffset.MinValue, DateTimeOffset.MinValue);
        await foreach (var one in ReadAsync("events", "event", after, ContractJson.Default.TrustEvent, item => item.Sequence, ct))
        {
            // Another silo, which tells all it keeps: what is not younger than what was told already is the same again.
            if (last is { } number && one.Sequence != number + 1) told = newest;
            last = one.Sequence;
            if (one.At <= told) continue;
            if (one.At > newest) newest = one.At;
            yield return one;
        }
    }

    /// <summary>Changes of the graph after a snapshot's sequence. Ends when the silo says that the gap is too old: fetch the snapshot again.</summary>
    public IAsyncEnumerable<GraphDelta> DeltasAsync(long after, CancellationToken ct)
        => ReadAsync("graph/feed", "delta", after, ContractJson.Default.GraphDelta, item => item.Sequence, ct);

    private async IAsyncEnumerable<T> ReadAsync<T>(
        string path, string kind, long after, JsonTypeInfo<T> type, Func<T, long> sequence, [EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            await using var stream = await api.OpenStreamAsync($"{path}?after={after}", ct);
            await using var items = SseParser.Create(stream).EnumerateAsync(ct).GetAsyncEnumerator(ct);
            while (await NextAsync(items))
            {
                if (items.Current.EventType == "resync") yield break;
                if (items.Current.EventType != kind) continue;
                var item = JsonSerializer.Deserialize(items.Current.Data, type) ?? throw new JsonException("An empty event.");
                after = sequence(item);
                yield return item;
            }
            // The silo closed the stream, as it does when it restarts: a pause between two tries, not a wait for anything.
            await Task.Delay(Pause, time, ct);
        }
    }

    /// <summary>False at the end of the stream and when the connection broke: both are resumed.</summary>
    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<SseItem<string>> items)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return false;
        }
    }
}
