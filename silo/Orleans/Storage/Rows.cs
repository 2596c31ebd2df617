using Orleans;
using Orleans.Storage;
using TrustMesh.Trust.Records;
using TrustMesh.Wire;

namespace TrustMesh.Orleans.Storage;

/// <summary>
/// Our rows behind any Orleans storage: kind, id, version and bytes, with compare-and-swap. The version stands in our bytes; the provider's etag
/// is what guards the write. Of rows seen before, version and etag are remembered, so that a write is one call; of others the row is read first.
/// A write that throws <see cref="StaleRecordException"/> wrote nothing; after <see cref="IOException"/> the outcome is unknown. Thread-safe.
/// </summary>
/// <param name="remembered">Rows whose etag is kept in memory, at least.</param>
public sealed class Rows(IGrainStorage storage, StorageMeter meter, int remembered = 65_536)
{
    /// <summary>Bytes of the largest payload.</summary>
    public const int Largest = 16 * 1024 * 1024;

    /// <summary>
    /// Calls under way at once. After silos went, those that stay read everything anew: a storage that is asked for more than it can answer before its
    /// callers give up answers nobody in time, they ask again, and it never recovers. Whoever has no turn is told without asking it.
    /// </summary>
    internal const int AtOnce = 64;

    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const string StateName = "row";

    /// <summary>A conflict may be with a write that left the version alone (<see cref="RewriteAsync"/>): look again, this often.</summary>
    private const int Tries = 3;

    private readonly SemaphoreSlim turns = new(AtOnce), glances = new(AtOnce / 2);
    private readonly Remembered<(string Kind, string Id), Place> known = new(remembered);

    /// <summary>The row, or null. Throws <see cref="UnreadableRowException"/>, and <see cref="IOException"/> when the storage does not answer.</summary>
    public async Task<Row?> ReadAsync(string kind, string id) => (await FetchAsync(kind, id, remember: true)).Row;

    /// <summary>As <see cref="ReadAsync"/>, for whoever reads a great many and writes none of them: what is remembered stays as it is.</summary>
    /// <remarks>Waits for its turn as long as it takes, leaves half of the turns to those who have somebody to answer, and reads again what was not
    /// answered: of a thousand rows one always is not, and whoever loads them would begin anew for ever.</remarks>
    internal async Task<Row?> GlanceAsync(string kind, string id)
    {
        await glances.WaitAsync();
        try
        {
            for (var tries = 1; ; tries++)
            {
                try
                {
                    return (await FetchAsync(kind, id, remember: false)).Row;
                }
                catch (IOException) when (tries < Tries)
                {
                    // Reading changes nothing. The storage's errors are counted where they come from.
                    continue;
                }
            }
        }
        finally
        {
            glances.Release();
        }
    }

    /// <param name="expected">Version the row must have; 0 means there must be none. The new version is one more.</param>
    public Task WriteAsync(string kind, string id, long expected, ReadOnlyMemory<byte> payload)
        => SwapAsync(kind, id, expected, expected + 1, RowFormat.Encode(expected + 1, Fitting(payload)));

    /// <summary>Other bytes, same version.</summary>
    internal Task RewriteAsync(string kind, string id, long version, ReadOnlyMemory<byte> payload)
        => SwapAsync(kind, id, version, version, RowFormat.Encode(version, Fitting(payload)));

    /// <summary>
    /// A grave is written in the row's place with compare-and-swap, and then the grave is cleared: providers answer yes to everybody who
    /// deletes a row that is gone, and of two who burn one code both would get in (attack A40).
    /// </summary>
    /// <param name="expected">Version the row must have.</param>
    public async Task DeleteAsync(string kind, string id, long expected)
    {
        if (expected < 1) throw new StaleRecordException(kind, expected);
        var etag = await SwapAsync(kind, id, expected, 0, RowFormat.EncodeGrave());
        await ClearAsync(kind, id, etag);
    }

    /// <summary>Lets go a row that nobody writes twice, whatever its version; what fails is counted and leaves the row.</summary>
    internal async Task DropAsync(string kind, string id)
    {
        var place = known.Find((kind, id)) ?? (await FetchAsync(kind, id, remember: false)).Place;
        if (place.Etag is not null) await ClearAsync(kind, id, place.Etag);
    }

    private static ReadOnlySpan<byte> Fitting(ReadOnlyMemory<byte> payload)
        => payload.Length <= Largest ? payload.Span : throw new ArgumentException($"A row has at most {Largest} bytes, this one {payload.Length}.", nameof(payload));

    /// <returns>The etag of what was written.</returns>
    private async Task<string?> SwapAsync(string kind, string id, long expected, long next, byte[] bytes)
    {
        // What is remembered may be older than the row, never newer: it is enough for a write, not for a refusal.
        var place = known.Find((kind, id)) ?? default;
        if (place.Version != expected) place = (await FetchAsync(kind, id, remember: true)).Place;
        for (var attempt = 1; place.Version == expected && attempt <= Tries; attempt++)
        {
            if (await PutAsync(kind, id, place.Etag, next, bytes) is { } etag) return etag;
            (place, _, var mark) = await FetchAsync(kind, id, remember: true);
            // The storage's client asked twice and lost the first answer: what stands there is this very write.
            if (mark == RowFormat.MarkOf(bytes)) return place.Etag;
        }
        throw new StaleRecordException(kind, expected);
    }

    /// <summary>The row's new etag, or null if the race was lost.</summary>
    private async Task<string?> PutAsync(string kind, string id, string? etag, long version, byte[] bytes)
    {
        var state = new GrainState<RowBytes>(new() { Bytes = bytes }, etag) { RecordExists = etag is not null };
        long started = 0;
        try
        {
            await InTurnAsync(() =>
            {
                started = meter.Start();
                return storage.WriteStateAsync(StateName, RowName.Of(kind, id), state);
            });
        }
        catch (InconsistentStateException)
        {
            known.Forget((kind, id));
            meter.HasLost(started);
            return null;
        }
        catch (Exception failed)
        {
            known.Forget((kind, id));
            throw NoAnswer($"The storage did not answer when a {kind} row was written, and whether it was is unknown", failed);
        }
        meter.HasWritten(started);
        known.Set((kind, id), new(version, state.ETag));
        return state.ETag;
    }

    private async Task<(Place Place, Row? Row, ulong Mark)> FetchAsync(string kind, string id, bool remember)
    {
        var state = new GrainState<RowBytes>();
        long started = 0;
        try
        {
            await InTurnAsync(() =>
            {
                started = meter.Start();
                return storage.ReadStateAsync(StateName, RowName.Of(kind, id), state);
            });
        }
        catch (Exception failed)
        {
            throw NoAnswer($"The storage did not answer when a {kind} row was read", failed);
        }
        meter.HasRead(started);
        if (string.IsNullOrEmpty(state.ETag))
        {
            if (remember) known.Set((kind, id), default);
            return default;
        }
        try
        {
            var bytes = state.State?.Bytes ?? [];
            var row = RowFormat.Decode(bytes);
            var place = new Place(row?.Version ?? 0, state.ETag);
            if (remember) known.Set((kind, id), place);
            return (place, row, RowFormat.MarkOf(bytes));
        }
        catch (WireException unreadable)
        {
            throw new UnreadableRowException(kind, id, unreadable);
        }
    }

    private async Task ClearAsync(string kind, string id, string? etag)
    {
        known.Forget((kind, id));
        try
        {
            await InTurnAsync(() => storage.ClearStateAsync(StateName, RowName.Of(kind, id), new GrainState<RowBytes>(new(), etag) { RecordExists = true }));
        }
        catch (InconsistentStateException)
        {
            // Somebody wrote the row anew: it is his now.
            return;
        }
        catch (Exception failed)
        {
            // A grave stays behind, which reads as no row.
            _ = NoAnswer($"The storage did not answer when a {kind} row was cleared", failed);
        }
    }

    private async Task InTurnAsync(Func<Task> call)
    {
        if (!await turns.WaitAsync(Patience)) throw new TimeoutException($"{AtOnce} calls were under way, and for {Patience.TotalSeconds:0} s there was no turn for another");
        try
        {
            await call();
        }
        finally
        {
            turns.Release();
        }
    }

    private IOException NoAnswer(string what, Exception failed)
    {
        // The first line: what follows are headers and statistics. Neither provider puts a secret there (attack A47).
        var why = Grammar.Fit(failed.Message.Split('\n')[0].Trim());
        meter.HasFailed($"{what}: {why}");
        return new($"{what} ({why}). See whether the storage is reachable and takes this silo's secret; the silo tries again by itself.", failed);
    }

    /// <param name="Version">0 if there is no row.</param>
    /// <param name="Etag">Null if there is nothing, not even a grave.</param>
    private readonly record struct Place(long Version, string? Etag);
}
