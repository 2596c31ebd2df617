using TrustMesh.Trust.Records;
using TrustMesh.Wire;

namespace TrustMesh.Orleans.Storage;

/// <summary>
/// One bucket of a catalogue: pages 0, 1, 2 ... without a hole, of which one has room. Whoever adds ids at the same moment shares a write of that page;
/// other processes write it too, with compare-and-swap. Thread-safe.
/// </summary>
internal sealed class CatalogueBucket(Rows rows, string kind, int bucket, TimeProvider time, Action<string, string, string> isolated)
{
    public const string PageKind = "catalogue";
    private const int MostConflicts = 200, MostPages = 1_000_000;

    /// <summary>An id that stands on the page being filled is not written again if that page is younger: nobody takes it off before.</summary>
    private const long YoungSeconds = 60;

    /// <summary>An id without a row is taken off a page only if nothing was added for so long: between an id and its row there are seconds.</summary>
    private const long OldSeconds = 600;

    private readonly Lock gate = new();
    private readonly List<(string Id, TaskCompletionSource Done)> waiting = [];
    private bool running;

    // Of the one that is running: the page being filled as it was written or read last.
    private Filling? filling;

    // Pages on which somebody who listed made room.
    private readonly SortedSet<int> roomy = [];

    /// <summary>Ends when the id is on a page. Throws <see cref="IOException"/>: it may be on one or not.</summary>
    public Task AddAsync(string id)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            waiting.Add((id, done));
            if (running) return done.Task;
            running = true;
        }
        // Not on the caller's scheduler: a grain's turn must not carry what other grains wait for.
        _ = Task.Run(RunAsync);
        return done.Task;
    }

    /// <summary>The page and its row's version; version 0 if there is no such page, and no page for one that cannot be read, which is told.</summary>
    public async Task<(CataloguePage? Page, long Version)> ReadPageAsync(int number)
    {
        try
        {
            return await rows.ReadAsync(PageKind, PageId(number)) is { } row ? (CataloguePage.Decode(row.Payload), row.Version) : (CataloguePage.Empty, 0);
        }
        catch (UnreadableRowException unreadable)
        {
            return Isolate(number, unreadable.Reason);
        }
        catch (WireException unreadable)
        {
            return Isolate(number, unreadable);
        }
    }

    /// <summary>Takes ids without rows off a page that has been left alone for long; does nothing if the page is young or was written meanwhile.</summary>
    public async Task ThinAsync(int number, CataloguePage page, long version, IReadOnlyList<string> left)
    {
        if (Now() - page.AddedAt < OldSeconds) return;
        try
        {
            await rows.WriteAsync(PageKind, PageId(number), version, (page with { Ids = left }).Encode());
        }
        catch (Exception failed) when (failed is StaleRecordException or IOException)
        {
            // Nobody waits for it: the next who lists tries again. The storage's errors are counted where they come from.
            return;
        }
        lock (gate) roomy.Add(number);
    }

    private async Task RunAsync()
    {
        while (true)
        {
            List<(string Id, TaskCompletionSource Done)> batch;
            lock (gate)
            {
                batch = [.. waiting.Take(CataloguePage.Most)];
                waiting.RemoveRange(0, batch.Count);
                if (batch.Count == 0)
                {
                    running = false;
                    return;
                }
            }
            try
            {
                await AppendAsync([.. batch.Select(one => one.Id).Distinct()]);
                foreach (var (_, done) in batch) done.SetResult();
            }
            catch (Exception failed)
            {
                filling = null;
                foreach (var (_, done) in batch) done.SetException(failed);
            }
        }
    }

    private async Task AppendAsync(List<string> ids)
    {
        for (var conflicts = 0; ids.Count > 0;)
        {
            var (number, page, version) = filling ??= await NextAsync(full: -1);
            var now = Now();
            var taken = ids.Where(page.Ids.Contains).ToList();
            var room = Math.Min(CataloguePage.Most - page.Ids.Count, ids.Count - taken.Count);
            if (room == 0 && (taken.Count == 0 || now - page.AddedAt < YoungSeconds))
            {
                if (taken.Count == 0) filling = await NextAsync(number);
                ids.RemoveAll(taken.Contains);
                continue;
            }
            var added = ids.Except(taken).Take(room).ToList();
            var next = new CataloguePage(Math.Max(page.AddedAt, now), [.. page.Ids, .. added]);
            try
            {
                await rows.WriteAsync(PageKind, PageId(number), version, next.Encode());
            }
            catch (StaleRecordException)
            {
                // Another process wrote the page: see what is on it now.
                if (++conflicts == MostConflicts) throw new IOException($"The catalogue of {kind} rows was written by others {conflicts} times in a row; try again.");
                filling = await LookAsync(number);
                continue;
            }
            filling = new(number, next, version + 1);
            ids.RemoveAll(id => taken.Contains(id) || added.Contains(id));
        }
    }

    /// <summary>A page that was made roomy, or the last one, or one after that.</summary>
    /// <param name="full">A page without room, -1 if none is known.</param>
    private async Task<Filling> NextAsync(int full)
    {
        int? thinned = null;
        lock (gate)
        {
            if (roomy.Count > 0) roomy.Remove((thinned = roomy.Min).Value);
        }
        if (thinned is { } number) return await LookAsync(number);
        var last = await LastAsync(full);
        return await LookAsync(last == full ? last + 1 : last);
    }

    /// <summary>Pages have no holes, so the last is found by halving; 0 if there is none.</summary>
    private async Task<int> LastAsync(int known)
    {
        var (there, step) = (Math.Max(known, 0), 1);
        for (; await ExistsAsync(there + step); step *= 2) there += step;
        for (; step > 1; step /= 2)
            if (await ExistsAsync(there + (step / 2))) there += step / 2;
        return there;
    }

    /// <summary>This page, or the next that can be read.</summary>
    private async Task<Filling> LookAsync(int number)
    {
        for (; number < MostPages; number++)
            if (await ReadPageAsync(number) is ({ } page, var version)) return new(number, page, version);
        throw new IOException($"The catalogue of {kind} rows has more pages than there can be.");
    }

    private async Task<bool> ExistsAsync(int number) => await ReadPageAsync(number) is not ({ }, 0);

    private (CataloguePage?, long) Isolate(int number, WireException unreadable)
    {
        isolated(PageKind, PageId(number), unreadable.Message);
        return (null, 0);
    }

    private string PageId(int number) => $"{kind}/{bucket:d2}/{number:d6}";

    private long Now() => time.GetUtcNow().ToUnixTimeSeconds();

    private sealed record Filling(int Number, CataloguePage Page, long Version);
}
