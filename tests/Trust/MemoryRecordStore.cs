using System.Collections.Concurrent;
using TrustMesh.Trust.Records;
using Record = TrustMesh.Trust.Records.Record;

namespace TrustMesh.Tests.Trust;

/// <summary>Records in memory, that outlive what is kept over them.</summary>
public sealed class MemoryRecordStore : IRecordStore
{
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<(string Kind, string Id), Record> rows = new();

    /// <summary>Every row, for what must or must not be in one.</summary>
    public IEnumerable<Record> All => rows.Values;

    public Task<Record?> ReadAsync(string kind, string id, CancellationToken cancellation) => Task.FromResult(rows.GetValueOrDefault((kind, id)));

    public Task<IReadOnlyList<Record>> ListAsync(string kind, CancellationToken cancellation)
    {
        RecordKinds.DemandListed(kind);
        return Task.FromResult<IReadOnlyList<Record>>([.. rows.Values.Where(row => row.Kind == kind).OrderBy(row => row.Id, StringComparer.Ordinal)]);
    }

    public Task WriteAsync(string kind, string id, long expected, ReadOnlyMemory<byte> value, CancellationToken cancellation)
    {
        lock (gate)
        {
            if ((rows.GetValueOrDefault((kind, id))?.Version ?? 0) != expected) return Task.FromException(new StaleRecordException(kind, expected));
            rows[(kind, id)] = new(kind, id, expected + 1, value.ToArray());
            return Task.CompletedTask;
        }
    }

    public Task DeleteAsync(string kind, string id, long expected, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (rows.GetValueOrDefault((kind, id))?.Version != expected) return Task.FromException(new StaleRecordException(kind, expected));
            rows.TryRemove((kind, id), out _);
            return Task.CompletedTask;
        }
    }
}
