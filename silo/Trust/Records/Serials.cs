using System.Buffers.Binary;

namespace TrustMesh.Trust.Records;

/// <summary>Counters that only rise. A number is stored as used before anyone sees it, so a crash may skip one and never repeats one (attack A30). Thread-safe.</summary>
public sealed class Serials(IRecordStore store)
{
    private const string Kind = "serial";

    /// <summary>One at a time from here: of a crowd that reads and writes together one gets through each time, and devices that join together are a crowd.</summary>
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>The next number of this counter; the first is 1.</summary>
    public Task<long> NextAsync(string counter, CancellationToken cancellation) => ReserveAsync(counter, 1, cancellation);

    /// <summary>So many numbers in a row for the caller alone, for one write; the first of them.</summary>
    public async Task<long> ReserveAsync(string counter, int count, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            return await TakeAsync(counter, count, cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<long> TakeAsync(string counter, int count, CancellationToken cancellation)
    {
        while (true)
        {
            var row = await store.ReadAsync(Kind, counter, cancellation);
            var next = (row is null ? 0 : BinaryPrimitives.ReadInt64BigEndian(row.Value.Span)) + 1;
            var value = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64BigEndian(value, next + count - 1);
            try
            {
                await store.WriteAsync(Kind, counter, row?.Version ?? 0, value, cancellation);
                return next;
            }
            catch (StaleRecordException)
            {
                // Another caller took the number; take the one after.
                continue;
            }
        }
    }
}
