using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using TrustMesh.Wire;

namespace TrustMesh.Orleans.Storage;

/// <summary>
/// Which rows there are: Orleans' storages cannot tell. The ids of a kind that is listed stand in buckets of pages. An id is there before its row
/// is, so that a crash leaves an id without a row, which readers pass over; whoever lists takes such ids off when they are old. Thread-safe.
/// </summary>
/// <param name="isolated">Told kind, id and reason of each page or row that cannot be read; everything else is read (attack A43).</param>
public sealed class Catalogue(Rows rows, TimeProvider time, Action<string, string, string> isolated)
{
    /// <summary>Of kinds with a row per device. The number is for ever: ids are found in the bucket they were put in.</summary>
    public const int Buckets = 64;

    private const int AtOnce = 32;
    private static readonly TimeSpan Slow = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<(string Kind, int Bucket), CatalogueBucket> buckets = new();

    /// <summary>Buckets of a kind: one, or <see cref="Buckets"/> if there is a row per device.</summary>
    public static int BucketsOf(string kind) => kind is "twin" or "peers" or "peer-address" ? Buckets : 1;

    /// <summary>The bucket of a device's row: the first byte of its id's hash.</summary>
    public static int BucketOf(DeviceId device)
    {
        Span<byte> ueid = stackalloc byte[DeviceId.Size];
        device.WriteUeid(ueid);
        return ueid[1] % Buckets;
    }

    /// <summary>Writes a row that must not exist, its id first. Throws as <see cref="Rows.WriteAsync"/>.</summary>
    internal async Task InsertAsync(string kind, string id, ReadOnlyMemory<byte> payload)
    {
        var started = time.GetTimestamp();
        await AddAsync(kind, id);
        await rows.WriteAsync(kind, id, 0, payload);
        // Somebody who listed in so long a time may have taken the id for one without a row.
        if (time.GetElapsedTime(started) > Slow) await AddAsync(kind, id);
    }

    /// <summary>Ends when the id is listed.</summary>
    internal Task AddAsync(string kind, string id) => Bucket(kind, BucketsOf(kind) == 1 ? 0 : BucketOf(id)).AddAsync(id);

    /// <summary>
    /// All rows of a bucket in no particular order, each once; a row that cannot be read is told and comes without its bytes. Throws
    /// <see cref="IOException"/> when the storage does not answer.
    /// </summary>
    internal async IAsyncEnumerable<(string Id, Row? Row)> ReadAsync(string kind, int bucket, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bucket);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(bucket, BucketsOf(kind));
        var pages = Bucket(kind, bucket);
        var seen = new HashSet<string>();
        for (var number = 0; ; number++)
        {
            var (page, version) = await pages.ReadPageAsync(number);
            if (page is null) continue;
            if (version == 0) yield break;
            var left = new List<string>();
            await foreach (var (id, row, unreadable) in ReadAsync(kind, page.Ids.Where(seen.Add), cancellation))
            {
                if (row is null && !unreadable) continue;
                left.Add(id);
                yield return (id, row);
            }
            if (left.Count < page.Ids.Count) await pages.ThinAsync(number, page, version, left);
        }
    }

    /// <summary>These rows, so many at once, in their order.</summary>
    internal async IAsyncEnumerable<(string Id, Row? Row, bool Unreadable)> ReadAsync(string kind, IEnumerable<string> ids, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var reading = new Queue<Task<(string, Row?, bool)>>();
        foreach (var id in ids)
        {
            cancellation.ThrowIfCancellationRequested();
            if (reading.Count == AtOnce) yield return await reading.Dequeue();
            reading.Enqueue(GlanceAsync(kind, id));
        }
        while (reading.TryDequeue(out var next)) yield return await next;
    }

    /// <summary>Tells that a row cannot be read.</summary>
    internal void Isolate(string kind, string id, WireException unreadable) => isolated(kind, id, unreadable.Message);

    private async Task<(string Id, Row? Row, bool Unreadable)> GlanceAsync(string kind, string id)
    {
        try
        {
            return (id, await rows.GlanceAsync(kind, id), false);
        }
        catch (UnreadableRowException unreadable)
        {
            Isolate(kind, id, unreadable.Reason);
            return (id, null, true);
        }
    }

    private CatalogueBucket Bucket(string kind, int bucket)
        => buckets.GetOrAdd((kind, bucket), static (key, own) => new(own.Rows, key.Kind, key.Bucket, own.Time, own.Isolated), (Rows: rows, Time: time, Isolated: isolated));

    /// <summary>Ids that are no device's have a place too: nothing is refused here.</summary>
    private static int BucketOf(string id) => DeviceId.TryParse(id, out var device) ? BucketOf(device) : SHA256.HashData(Encoding.UTF8.GetBytes(id))[0] % Buckets;
}
