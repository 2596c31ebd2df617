using System.Buffers.Binary;

namespace TrustMesh.Trust.Records;

/// <summary>Counters that only rise. A number is stored as used before anyone sees it, so a crash may skip one and never repeats one (attack A30). Thread-safe.</summary>
public sealed class Serials(IRecordStore store)
{
    private const string Kind = "serial";

    private readonly Crowd<long> crowd = new((counter, counts) => TakeAsync(store, counter, counts));

    /// <summary>The next number of this counter; the first is 1.</summary>
    public Task<long> NextAsync(string counter, CancellationToken cancellation) => ReserveAsync(counter, 1, cancellation);

    /// <summary>So many numbers in a row for the caller alone; the first of them.</summary>
    public Task<long> ReserveAsync(string counter, int count, CancellationToken cancellation) => crowd.AskAsync(counter, count, cancellation);

    /// <summary>The last number that was taken, by whomever; 0 before the first.</summary>
    public async Task<long> LastAsync(string counter, CancellationToken cancellation) => Last(await store.ReadAsync(Kind, counter, cancellation));

    private static long Last(Record? row) => row is null ? 0 : BinaryPrimitives.ReadInt64BigEndian(row.Value.Span);

    private static async Task<IReadOnlyList<long>> TakeAsync(IRecordStore store, string counter, IReadOnlyList<int> counts)
    {
        while (true)
        {
            var row = await store.ReadAsync(Kind, counter, CancellationToken.None);
            var next = Last(row) + 1;
            var first = new long[counts.Count];
            for (var i = 0; i < first.Length; next += counts[i++]) first[i] = next;
            var value = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64BigEndian(value, next - 1);
            try
            {
                await store.WriteAsync(Kind, counter, row?.Version ?? 0, value, CancellationToken.None);
                return first;
            }
            catch (StaleRecordException)
            {
                // Another silo took these numbers; take the ones after.
                continue;
            }
        }
    }
}
