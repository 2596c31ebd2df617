using System.Runtime.CompilerServices;
using TrustMesh.Trust.Records;

namespace TrustMesh.Orleans.Storage;

/// <summary>Small rows in an Orleans storage. Only kinds that somebody lists have a catalogue; the others are found by their id alone. Thread-safe.</summary>
public sealed class ClusterRecords(Rows rows, Catalogue catalogue) : IRecordStore
{
    private static readonly HashSet<string> Listed = ["join-token", "operator-code", "operator-session", "operator-passkey", "passkey-used", "reference", "peers", "peer-address", "saved-query", "alert", "alert-rule", "alert-silence", "webhook", "revocation-request", "first-seen"];

    public async Task<Record?> ReadAsync(string kind, string id, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return await rows.ReadAsync(kind, id) is { } row ? new(kind, id, row.Version, row.Payload) : null;
    }

    /// <summary>All records of a kind that is listed, by id; throws <see cref="ArgumentException"/> for another.</summary>
    public async Task<IReadOnlyList<Record>> ListAsync(string kind, CancellationToken cancellation)
    {
        var records = new List<Record>();
        await foreach (var record in ReadAllAsync(kind, cancellation)) records.Add(record);
        records.Sort((one, other) => string.CompareOrdinal(one.Id, other.Id));
        return records;
    }

    /// <summary>As <see cref="ListAsync"/>, in no particular order and never all in memory.</summary>
    public async IAsyncEnumerable<Record> ReadAllAsync(string kind, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var bucket = 0; bucket < Catalogue.BucketsOf(kind); bucket++)
            await foreach (var record in ReadBucketAsync(kind, bucket, cancellation)) yield return record;
    }

    /// <summary>The records of one bucket of a kind that is listed (<see cref="Catalogue.BucketsOf"/>), in no particular order.</summary>
    public async IAsyncEnumerable<Record> ReadBucketAsync(string kind, int bucket, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!Listed.Contains(kind)) throw new ArgumentException($"Rows of kind {kind} have no catalogue; they are read by their id.", nameof(kind));
        await foreach (var (id, row) in catalogue.ReadAsync(kind, bucket, cancellation))
            if (row is not null) yield return new(kind, id, row.Version, row.Payload);
    }

    public Task WriteAsync(string kind, string id, long expected, ReadOnlyMemory<byte> value, CancellationToken cancellation)
    {
        // Nobody cancels a write: a half-heard one is an unknown outcome.
        cancellation.ThrowIfCancellationRequested();
        return expected == 0 && Listed.Contains(kind) ? catalogue.InsertAsync(kind, id, value) : rows.WriteAsync(kind, id, expected, value);
    }

    public Task DeleteAsync(string kind, string id, long expected, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return rows.DeleteAsync(kind, id, expected);
    }
}
