using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Orleans.Storage;

/// <summary>
/// Twins in an Orleans storage. One row holds all of a twin but the entries of its measurement log; those lie in rows of their own that are written
/// before the twin's row names them and dropped after it names them no more. A crash between the two leaves entries that nobody names. Thread-safe.
/// </summary>
public sealed class ClusterTwins(Rows rows, Catalogue catalogue) : ITwinStore
{
    private const string Kind = "twin", LogKind = "twin-log";
    private const int RememberedLogs = 16_384;

    /// <summary>So often a proof is read anew because the twin moved on meanwhile.</summary>
    private const int Tries = 16;

    private readonly Remembered<DeviceId, (long Version, TwinLog Log)> logs = new(RememberedLogs);

    /// <summary>The bucket of the catalogue a device is in, 0 to 63, for ever.</summary>
    public static int BucketOf(DeviceId device) => Catalogue.BucketOf(device);

    /// <summary>The row, or null. Throws <see cref="UnreadableTwinException"/> if it is none of ours.</summary>
    public async Task<StoredTwin?> LoadAsync(DeviceId device, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return await ReadAsync(device) is ({ } row, var version) ? Stored(device, version, row) : null;
    }

    /// <summary>These twins, those that are there, many at once.</summary>
    public async IAsyncEnumerable<StoredTwin> LoadAsync(IReadOnlyCollection<DeviceId> devices, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var (id, row, unreadable) in catalogue.ReadAsync(Kind, devices.Select(device => device.Text), cancellation))
            if (row is not null || unreadable) yield return Stored(DeviceId.Parse(id), row);
    }

    public async IAsyncEnumerable<StoredTwin> LoadAllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var bucket = 0; bucket < Catalogue.Buckets; bucket++)
            await foreach (var twin in LoadBucketAsync(bucket, cancellation)) yield return twin;
    }

    /// <summary>The twins of one bucket, in no particular order. One whose row cannot be read comes with version 0 and no state: whoever decodes it isolates its device (attack A43).</summary>
    public async IAsyncEnumerable<StoredTwin> LoadBucketAsync(int bucket, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var (id, row) in catalogue.ReadAsync(Kind, bucket, cancellation))
            // An id that is none belongs to no device and is nobody's row (attack A43).
            if (DeviceId.TryParse(id, out var device)) yield return Stored(device, row);
    }

    public async Task<StoredProof?> LoadProofAsync(DeviceId device, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (await ReadAsync(device) is not ({ } row, var version) || row.Proof.IsEmpty) return null;
            if (await EntriesAsync(device, row.Log) is { } entries) return new(row.Proof, entries);
            // Entries are dropped when the twin names others: then it has moved since it was read.
            if (await ReadAsync(device) is var (_, later) && later == version) throw new UnreadableTwinException(device, new("log", 0, "entries of its measurement log are missing"));
        }
        throw new IOException($"The twin of {device} moved {Tries} times while its proof was read; ask again.");
    }

    public async Task SaveAsync(TwinWrite write, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var before = write.Expected == 0 ? TwinRow.Empty : await BeforeAsync(write);
        var (log, added) = write.Log is null ? (before.Log, null) : await AppendAsync(write, before.Log, write.Log);
        var row = new TwinRow(write.State, write.Proof ?? before.Proof, write.Unlogged, log).Encode();
        logs.Forget(write.Device);
        try
        {
            if (write.Expected == 0) await catalogue.InsertAsync(Kind, write.Device.Text, row);
            else await rows.WriteAsync(Kind, write.Device.Text, write.Expected, row);
        }
        catch (StaleRecordException)
        {
            if (added is { } unused) await DropAsync(write.Device, [unused]);
            throw new StaleTwinException(write.Device, write.Expected);
        }
        catch (UnreadableRowException unreadable)
        {
            throw new UnreadableTwinException(write.Device, unreadable.Reason);
        }
        logs.Set(write.Device, (write.Expected + 1, log));
        await DropAsync(write.Device, before.Log.Parts.ExceptBy(log.Parts.Select(part => part.Name), part => part.Name));
    }

    public async Task LoggedAsync(DeviceId device, long version, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (await ReadAsync(device) is not ({ } row, var stored) || stored != version || row.Unlogged.IsEmpty) return;
        try
        {
            await rows.RewriteAsync(Kind, device.Text, version, (row with { Unlogged = default }).Encode());
        }
        catch (StaleRecordException)
        {
            // The twin moved: what that row keeps is another matter.
            return;
        }
    }

    /// <summary>What stays of the row: its proof if the write brings none, and where its log lies.</summary>
    private async Task<TwinRow> BeforeAsync(TwinWrite write)
    {
        if (write.Proof is not null && logs.Find(write.Device) is var (version, log) && version == write.Expected) return TwinRow.Empty with { Log = log };
        return await ReadAsync(write.Device) is ({ } row, var stored) && stored == write.Expected ? row : throw new StaleTwinException(write.Device, write.Expected);
    }

    /// <returns>The log with the new entries, and the part that was written for it, if there was something to write.</returns>
    private async Task<(TwinLog Log, TwinLog.Part? Added)> AppendAsync(TwinWrite write, TwinLog before, LogAppend append)
    {
        var kept = before.Boot == append.Boot ? before.Cut(append.From) : new(append.Boot, []);
        if (append.Entries.Count == 0) return (kept, null);
        var entries = append.Entries;
        if (kept.Parts.Count == TwinLog.MostParts)
        {
            // Many small parts become one. Where one is gone, the twin has moved on.
            var old = await EntriesAsync(write.Device, kept) ?? throw new StaleTwinException(write.Device, write.Expected);
            (kept, entries) = (kept with { Parts = [] }, [.. old, .. append.Entries]);
        }
        Span<byte> name = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(name);
        var part = new TwinLog.Part(BinaryPrimitives.ReadUInt64BigEndian(name), entries.Count);
        await rows.WriteAsync(LogKind, part.IdOf(write.Device), 0, EntryRow.Encode(entries));
        return (kept with { Parts = [.. kept.Parts, part] }, part);
    }

    /// <summary>The entries that count; null if a part is not there any more.</summary>
    private async Task<IReadOnlyList<ReadOnlyMemory<byte>>?> EntriesAsync(DeviceId device, TwinLog log)
    {
        var entries = new List<ReadOnlyMemory<byte>>(log.Count);
        foreach (var part in log.Parts)
        {
            try
            {
                if (await rows.GlanceAsync(LogKind, part.IdOf(device)) is not { } row) return null;
                var stored = EntryRow.Decode(row.Payload);
                if (stored.Count < part.Count) throw new WireException("log row", 0, $"{stored.Count} entries, at least {part.Count}");
                entries.AddRange(stored.Take(part.Count));
            }
            catch (UnreadableRowException unreadable)
            {
                throw new UnreadableTwinException(device, unreadable.Reason);
            }
            catch (WireException unreadable)
            {
                throw new UnreadableTwinException(device, unreadable);
            }
        }
        return entries;
    }

    private async Task DropAsync(DeviceId device, IEnumerable<TwinLog.Part> parts)
    {
        try
        {
            foreach (var part in parts) await rows.DropAsync(LogKind, part.IdOf(device));
        }
        catch (Exception failed) when (failed is IOException or UnreadableRowException)
        {
            // The save is decided; entries that nobody names take some room and harm nobody.
            return;
        }
    }

    private async Task<(TwinRow? Row, long Version)> ReadAsync(DeviceId device)
    {
        try
        {
            return await rows.ReadAsync(Kind, device.Text) is { } row ? (TwinRow.Decode(row.Payload), row.Version) : default;
        }
        catch (UnreadableRowException unreadable)
        {
            throw new UnreadableTwinException(device, unreadable.Reason);
        }
        catch (WireException unreadable)
        {
            throw new UnreadableTwinException(device, unreadable);
        }
    }

    private StoredTwin Stored(DeviceId device, Row? row)
    {
        try
        {
            return row is null ? new(device, 0, default) : Stored(device, row.Version, TwinRow.Decode(row.Payload));
        }
        catch (WireException unreadable)
        {
            catalogue.Isolate(Kind, device.Text, unreadable);
            return new(device, 0, default);
        }
    }

    /// <summary>Copies: a slice would keep the proof of an idle twin in memory.</summary>
    private static StoredTwin Stored(DeviceId device, long version, TwinRow row) => new(device, version, row.State.ToArray(), row.Unlogged.ToArray());
}
