using System.Globalization;
using System.Text;
using TrustMesh.Trust.Records;

namespace TrustMesh.Trust.Passkeys;

/// <summary>What counts once and came: remembered until it would count no more anyway. Rows, so that what one silo took is spent at the others. Thread-safe.</summary>
/// <param name="kind">Of the rows.</param>
internal sealed class SpentMarks(IRecordStore store, string kind, TimeProvider time)
{
    private const int ClearEvery = 64;

    private int spent;

    public async Task<bool> IsSpentAsync(string id, CancellationToken cancellation) => await store.ReadAsync(kind, id, cancellation) is not null;

    /// <summary>False if it was spent already.</summary>
    public async Task<bool> SpendAsync(string id, DateTimeOffset until, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref spent) % ClearEvery == 1) await ClearAsync(cancellation);
        try
        {
            await store.WriteAsync(kind, id, 0, Encoding.ASCII.GetBytes(until.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)), cancellation);
            return true;
        }
        catch (StaleRecordException)
        {
            // Somebody comes with what came before: a replay.
            return false;
        }
    }

    private async Task ClearAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var row in await store.ListAsync(kind, cancellation))
        {
            if (long.Parse(Encoding.ASCII.GetString(row.Value.Span), CultureInfo.InvariantCulture) > now) continue;
            try
            {
                await store.DeleteAsync(kind, row.Id, row.Version, cancellation);
            }
            catch (StaleRecordException)
            {
                // Another silo clears up too.
                continue;
            }
        }
    }
}
