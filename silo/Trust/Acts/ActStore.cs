using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TrustMesh.Trust.Log;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;

namespace TrustMesh.Trust.Acts;

/// <summary>
/// The mesh's rows, and the one way by which acts on them are done: a row changes and the log tells it, both or neither, whatever crashes in between. An act is
/// first written down whole, row and lines, in one of a few rows of its own, its slot: with that write it has happened. Then its row is written, the log takes
/// its lines, and the slot is free again. An act that was left under way is finished by whoever finds it: the next act in its slot, the next write of its row,
/// the sweep (<see cref="SweepAsync"/>), of this silo or another. Finishing it twice is finishing it once: the row is changed by compare-and-swap, and the
/// log takes what it has once (<see cref="LogLine.Since"/>). Other writes of rows that acts change finish what is under way there first, so that
/// it can always be told whether an act's own write came through. Thread-safe; so are several of them over the same rows.
/// </summary>
/// <param name="tell">Given each line once it is in the log.</param>
/// <param name="patience">How long another silo is waited for that has an act under way and may be alive; zero: there is no other, so whoever began it is gone.</param>
public sealed class ActStore(IRecordStore store, IMeshLog log, Action<TwinEvent> tell, TimeSpan patience, TimeProvider time) : IRecordStore
{
    /// <summary>Acts that can be under way at once: people do not act faster.</summary>
    public const int Slots = 16;

    /// <summary>Kind of the slots' rows; an empty one is free.</summary>
    public const string Kind = "act";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly string owner = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    private readonly LogReader reader = new(0, store);

    /// <summary>One caller of this silo for each slot; who has the turn owns what was seen of the slot.</summary>
    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, Slots).Select(_ => new SemaphoreSlim(1))];
    private readonly (long Version, long At)[] seen = new (long, long)[Slots];

    /// <summary>Acts finished here that somebody had left.</summary>
    private int taken;

    /// <summary>The slot of acts on that row.</summary>
    public static int SlotOf(string kind, string id) => SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}/{id}"))[0] % Slots;

    /// <summary>The slot's row.</summary>
    public static string IdOf(int slot) => slot.ToString("d2", CultureInfo.InvariantCulture);

    public Task<Record?> ReadAsync(string kind, string id, CancellationToken cancellation) => store.ReadAsync(kind, id, cancellation);

    public Task<IReadOnlyList<Record>> ListAsync(string kind, CancellationToken cancellation) => store.ListAsync(kind, cancellation);

    public async IAsyncEnumerable<Record> ReadAllAsync(string kind, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var record in store.ReadAllAsync(kind, cancellation)) yield return record;
    }

    public async Task WriteAsync(string kind, string id, long expected, ReadOnlyMemory<byte> value, CancellationToken cancellation)
    {
        await SettleAsync(kind, id, cancellation);
        await store.WriteAsync(kind, id, expected, value, cancellation);
    }

    public async Task DeleteAsync(string kind, string id, long expected, CancellationToken cancellation)
    {
        await SettleAsync(kind, id, cancellation);
        await store.DeleteAsync(kind, id, expected, cancellation);
    }

    /// <inheritdoc/>
    public async Task ActAsync(string kind, string id, long expected, byte[]? value, IReadOnlyList<TwinEvent> lines, CancellationToken cancellation)
    {
        if (!RecordKinds.IsActedOn(kind)) throw new ArgumentException($"Rows of kind {kind} are changed by no act; declare it in {nameof(RecordKinds)}.", nameof(kind));
        if (lines.Count == 0)
        {
            await (value is { } some ? WriteAsync(kind, id, expected, some, cancellation) : DeleteAsync(kind, id, expected, cancellation));
            return;
        }
        var slot = SlotOf(kind, id);
        await turns[slot].WaitAsync(cancellation);
        try
        {
            var free = await FreeAsync(slot, cancellation);
            // Since the slot was seen free nobody else can have acted on the row, unless he takes the slot and this one does not get it.
            if (((await store.ReadAsync(kind, id, cancellation))?.Version ?? 0) != expected) throw new StaleRecordException(kind, expected);
            var act = new StoredAct(owner, (await reader.HeadAsync(cancellation))?.Size ?? 0, kind, id, expected, value is null, value ?? [], LogLines.Pack([.. lines.Select(line => LogLines.OfMesh(line))]));
            // From here on nobody may cancel: once it is written down it has happened.
            cancellation.ThrowIfCancellationRequested();
            await BeginAsync(slot, free, act);
            if (!await FinishAsync(slot, free + 1, act)) throw new StaleRecordException(kind, expected);
        }
        finally
        {
            turns[slot].Release();
        }
    }

    /// <inheritdoc/>
    public async Task SettleAsync(string kind, string id, CancellationToken cancellation)
    {
        if (!RecordKinds.IsActedOn(kind)) return;
        var slot = SlotOf(kind, id);
        if (await ReadAsync(slot, cancellation) is not ({ } act, _) || act.Kind != kind || act.Id != id) return;
        await turns[slot].WaitAsync(cancellation);
        try
        {
            await FreeAsync(slot, cancellation);
        }
        finally
        {
            turns[slot].Release();
        }
    }

    /// <summary>
    /// Finishes what is under way and nobody is at: acts of this silo that something failed of, and those of others that have stood still for as long as they are
    /// waited for. How many of those were finished here since the last time, also by whoever acted next. What stands in the way of one is thrown once all slots
    /// were looked at.
    /// </summary>
    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        var troubles = new List<Exception>();
        for (var slot = 0; slot < Slots; slot++)
        {
            // Somebody of this silo is at it.
            if (!await turns[slot].WaitAsync(TimeSpan.Zero, cancellation)) continue;
            try
            {
                if (await ReadAsync(slot, cancellation) is not ({ } act, var version) || !IsLeft(slot, version, act)) continue;
                await TakeAsync(slot, version, act);
            }
            catch (Exception trouble) when (trouble is not OperationCanceledException)
            {
                troubles.Add(trouble);
            }
            finally
            {
                turns[slot].Release();
            }
        }
        return troubles.Count == 0 ? Interlocked.Exchange(ref taken, 0) : throw new AggregateException(troubles);
    }

    /// <summary>The version of the slot's row once nothing is under way in it.</summary>
    private async Task<long> FreeAsync(int slot, CancellationToken cancellation)
    {
        while (await ReadAsync(slot, cancellation) is var (act, version))
        {
            if (act is null) return version;
            if (IsLeft(slot, version, act)) await TakeAsync(slot, version, act);
            else await Task.Delay(Pause, time, cancellation);
        }
        throw new System.Diagnostics.UnreachableException();
    }

    /// <summary>Nobody is at it any more. How long it has stood still is measured here: clocks of silos differ.</summary>
    private bool IsLeft(int slot, long version, StoredAct act)
    {
        if (act.Owner == owner || patience == TimeSpan.Zero) return true;
        if (seen[slot].Version != version) seen[slot] = (version, time.GetTimestamp());
        return time.GetElapsedTime(seen[slot].At) >= patience;
    }

    private async Task TakeAsync(int slot, long version, StoredAct act)
    {
        await FinishAsync(slot, version, act);
        Interlocked.Increment(ref taken);
    }

    private async Task BeginAsync(int slot, long free, StoredAct act)
    {
        try
        {
            await store.WriteAsync(Kind, IdOf(slot), free, JsonSerializer.SerializeToUtf8Bytes(act, TrustJson.Default.StoredAct), CancellationToken.None);
        }
        catch (StaleRecordException)
        {
            // Another silo took the slot, for this row or another: whoever acts looks at the row again.
            throw new StaleRecordException(act.Kind, act.Expected);
        }
    }

    /// <summary>Ends when the act is done, told, and its slot free; false if somebody had changed the row before, and nothing was done. After an exception it is left.</summary>
    private async Task<bool> FinishAsync(int slot, long version, StoredAct act)
    {
        if (!await TryPutAsync(act))
        {
            // The row first: if the slot has not moved after that, nobody had finished the act and changed the row again before.
            var row = await store.ReadAsync(act.Kind, act.Id, CancellationToken.None);
            var moved = (await store.ReadAsync(Kind, IdOf(slot), CancellationToken.None))?.Version != version;
            if (moved) return act.IsDone(row) ? true : throw new IOException($"Another silo finished an act on {act.Kind} {act.Id}; look at what became of it.");
            if (!act.IsDone(row))
            {
                await LeaveAsync(slot, version);
                return false;
            }
        }
        IReadOnlyList<LogLine> lines = [.. LogLines.Unpack(act.Lines).Select(line => line with { Since = act.Since })];
        await log.AppendAsync(lines, CancellationToken.None);
        await LeaveAsync(slot, version);
        foreach (var line in lines) tell(new(line.At, line.Kind, line.Text, line.Actor));
        return true;
    }

    private async Task<bool> TryPutAsync(StoredAct act)
    {
        try
        {
            await (act.Deletes ? store.DeleteAsync(act.Kind, act.Id, act.Expected, CancellationToken.None) : store.WriteAsync(act.Kind, act.Id, act.Expected, act.Value, CancellationToken.None));
            return true;
        }
        catch (StaleRecordException)
        {
            // It was written before, by whoever began the act, or somebody changed the row.
            return false;
        }
    }

    private async Task LeaveAsync(int slot, long version)
    {
        try
        {
            await store.WriteAsync(Kind, IdOf(slot), version, default, CancellationToken.None);
        }
        catch (StaleRecordException)
        {
            // Somebody else finished the same act at the same moment.
            return;
        }
    }

    /// <summary>What is under way in a slot, null if nothing is, and its row's version.</summary>
    private async Task<(StoredAct? Act, long Version)> ReadAsync(int slot, CancellationToken cancellation)
    {
        if (await store.ReadAsync(Kind, IdOf(slot), cancellation) is not { } row) return (null, 0);
        if (row.Value.IsEmpty) return (null, row.Version);
        try
        {
            return (JsonSerializer.Deserialize(row.Value.Span, TrustJson.Default.StoredAct) ?? throw new JsonException("nothing"), row.Version);
        }
        catch (JsonException broken)
        {
            // Attack A43: nobody acts over it, as nobody knows what would be left without its line.
            throw new UnreadableRecordException(Kind, IdOf(slot), broken.Message, broken);
        }
    }
}
