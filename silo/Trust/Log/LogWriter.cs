using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Log;

namespace TrustMesh.Trust.Log;

/// <summary>
/// The one writer of a log. Who appends joins a pool; one sequencer takes everything that waits, stages the tiles that become full, compares and swaps the
/// signed head, and only then lets the waiting go: at once when it is idle, and many together when it is not. Rows are named by their hash and never
/// change, so of two writers that race (two silos that both think the log is theirs) the slower cannot harm what the faster signed: it loses the swap,
/// reads the head again and appends behind it. A head goes out of this process only by that swap, so no two that disagree are ever seen. Thread-safe.
/// </summary>
public sealed class LogWriter(MeshAuthority authority, int number, IRecordStore store, TimeProvider time) : IMeshLog
{
    /// <summary>Entries of one head, and entries that may wait for the next (attack A42); one call may have a whole batch.</summary>
    public const int LargestBatch = 4096, MostWaiting = 65_536;

    /// <summary>So often a race is lost before the callers are told; each time somebody else's lines are in.</summary>
    private const int Races = 64;

    private readonly string origin = Checkpoint.OriginOf(authority.Mesh, number);
    private readonly LogReader reader = new(number, store);
    private readonly CheckpointVerifier verifier = new(AttestationKey.FromSubjectPublicKeyInfo(authority.Key.Spki), Checkpoint.OriginOf(authority.Mesh, number));
    private readonly Lock gate = new();

    // Under the gate.
    private readonly Queue<Waiting> pool = new();
    private int pooled;
    private bool sequencing;

    // The sequencer's own; one runs at a time.
    private StoredHead? head;
    private long version;

    /// <summary>Which of the mesh's logs.</summary>
    public int Number => number;

    /// <summary>
    /// Reads and checks the head; signs one of no entries if there is none and <paramref name="create"/> says that the log is new. Throws
    /// <see cref="InvalidDataException"/> for a head that is gone, unreadable, or not signed by the authority: a log is never begun a second time.
    /// </summary>
    public async Task OpenAsync(bool create, CancellationToken cancellation)
    {
        if (create && await store.ReadAsync(LogReader.Heads, reader.Id, cancellation) is null)
        {
            try
            {
                await store.WriteAsync(LogReader.Heads, reader.Id, 0, Sign(new(null, [])).Encode(), cancellation);
            }
            catch (StaleRecordException)
            {
                // Another silo began it at the same moment: its head is as good.
                await LoadAsync(cancellation);
                return;
            }
        }
        await LoadAsync(cancellation);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Throws <see cref="IOException"/> when the outcome is unknown or the pool is full, <see cref="UnreadableRecordException"/> when the head's row is damaged.
    /// </remarks>
    public Task AppendAsync(IReadOnlyList<LogLine> lines, CancellationToken cancellation)
    {
        if (lines.Count > LargestBatch) throw new ArgumentException($"{lines.Count} lines, at most {LargestBatch}.", nameof(lines));
        var waiting = new Waiting([.. lines.Select(line => new ReadOnlyMemory<byte>(LogLines.Encode(line)))], lines.Count == 0 ? null : lines[0].Since);
        lock (gate)
        {
            if (pooled + lines.Count > MostWaiting) throw new IOException($"{pooled} lines wait for the log already.");
            pool.Enqueue(waiting);
            pooled += lines.Count;
            if (!sequencing) _ = Task.Run(SequenceAsync, CancellationToken.None);
            sequencing = true;
        }
        return waiting.Done.Task.WaitAsync(cancellation);
    }

    private async Task SequenceAsync()
    {
        while (true)
        {
            var batch = new List<Waiting>();
            lock (gate)
            {
                for (var count = 0; pool.TryPeek(out var next) && count + next.Entries.Length <= LargestBatch; count += next.Entries.Length) batch.Add(pool.Dequeue());
                pooled -= batch.Sum(one => one.Entries.Length);
                if (batch.Count == 0)
                {
                    sequencing = false;
                    return;
                }
            }
            try
            {
                await WriteAsync(batch);
                foreach (var one in batch) one.Done.TrySetResult();
            }
            catch (Exception failed)
            {
                foreach (var one in batch) one.Done.TrySetException(failed is IOException or UnreadableRecordException ? failed : new IOException($"Log {number} did not take the lines: {failed.Message}", failed));
            }
        }
    }

    /// <summary>Ends when the entries are in the log. Whatever it throws, the head is read again before the next batch.</summary>
    private async Task WriteAsync(IReadOnlyList<Waiting> batch)
    {
        for (var race = 1; ; race++)
        {
            if (head is null) await LoadAsync(CancellationToken.None);
            var (before, expected) = (head!, version);
            head = null;
            ReadOnlyMemory<byte>[] entries = [];
            try
            {
                entries = await FreshAsync(before, batch);
                // All of it is there. Who asked for nothing wants to see the head written.
                if (entries.Length == 0 && batch.All(one => one.Entries.Length > 0))
                {
                    (head, version) = (before, expected);
                    return;
                }
                var growth = new LogGrowth(before, entries);
                foreach (var row in growth.Staged) await StageAsync(row);
                // Signed last: nothing is vouched for before everything it stands on is stored.
                var next = Sign(growth);
                await store.WriteAsync(LogReader.Heads, reader.Id, expected, next.Encode(), CancellationToken.None);
                (head, version) = (next, expected + 1);
                return;
            }
            catch (StaleRecordException) when (race < Races)
            {
                // Somebody else was faster: append behind.
            }
            catch (Exception)
            {
                // Not heard is not the same as not written: the entries may be where they were to be.
                await LoadAsync(CancellationToken.None);
                if (entries.Length > 0 && await HasAsync(before.Size, entries)) return;
                throw;
            }
        }
    }

    /// <summary>
    /// What of the batch is not in the log yet: all of it, but for lines that are to be there once and are. They are looked for under the head that is then swapped:
    /// nobody appends them in between.
    /// </summary>
    private async Task<ReadOnlyMemory<byte>[]> FreshAsync(StoredHead before, IReadOnlyList<Waiting> batch)
    {
        var last = new Dictionary<string, long>();
        if (batch.Min(one => one.Since) is { } from)
            for (var at = from; at < before.Size;)
                foreach (var entry in await reader.EntriesAsync(before, at, LargestBatch, CancellationToken.None)) last[Name(entry)] = at++;
        return [.. batch.Where(IsFresh).SelectMany(one => one.Entries)];

        bool IsFresh(Waiting one)
        {
            if (one.Since is not { } since) return true;
            // Lines of one call get under one head, so one of them speaks for all.
            if (last.GetValueOrDefault(Name(one.Entries[0]), -1) >= since) return false;
            last[Name(one.Entries[0])] = long.MaxValue;
            return true;
        }

        static string Name(ReadOnlyMemory<byte> entry) => Convert.ToHexString(entry.Span);
    }

    /// <summary>A row that nothing refers to yet. One that is there from a try before, or from another writer, is the same row.</summary>
    private async Task StageAsync(LogGrowth.StagedRow row)
    {
        var id = LogReader.RowId(reader.Id, row.Above);
        try
        {
            await store.WriteAsync(row.Kind, id, 0, row.Value, CancellationToken.None);
        }
        catch (StaleRecordException)
        {
            if (await store.ReadAsync(row.Kind, id, CancellationToken.None) is not { } there) throw new IOException($"The store has a row of log {number} and does not give it.");
            // Its name says what it has to be; no head refers to it yet.
            if (!there.Value.Span.SequenceEqual(row.Value)) await store.WriteAsync(row.Kind, id, there.Version, row.Value, CancellationToken.None);
        }
    }

    private async Task<bool> HasAsync(long from, ReadOnlyMemory<byte>[] entries)
    {
        var there = await reader.EntriesAsync(head!, from, entries.Length, CancellationToken.None);
        return there.Count == entries.Length && there.Zip(entries).All(pair => pair.First.Span.SequenceEqual(pair.Second.Span));
    }

    private async Task LoadAsync(CancellationToken cancellation)
    {
        var (stored, at) = await reader.ReadHeadAsync(cancellation);
        if (stored is null) throw new InvalidDataException($"The head of log {number} is gone. Restore the database from a backup: a log is never begun a second time.");
        var checkpoint = verifier.Verify(stored.Note);
        if (checkpoint.Accepted is null) throw new InvalidDataException($"The head of log {number} is not acceptable ({checkpoint.Findings.First(finding => finding.Outcome == Wire.Messages.Outcome.Fail).Sentence}). Restore it from a backup.");
        (head, version) = (stored, at);
    }

    private StoredHead Sign(LogGrowth growth)
    {
        var text = new Checkpoint(origin, growth.Size, growth.Root()).Encode();
        var signature = DerSignature.Encode(authority.Key.Sign(System.Text.Encoding.UTF8.GetBytes(text)));
        var note = new SignedNote(text, [new(origin, authority.Key.SpkiHash[..NoteSignature.KeyIdSize], signature)]).Encode();
        return new(note, time.GetUtcMillisecond(), growth.Tail, growth.Uppers);
    }

    private sealed record Waiting(ReadOnlyMemory<byte>[] Entries, long? Since)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
