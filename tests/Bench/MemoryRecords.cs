using System.Collections.Concurrent;
using TrustMesh.Trust.Records;

namespace TrustMesh.Bench;

/// <summary>Records in memory, for measuring what is kept over them and not the store.</summary>
internal sealed class MemoryRecords : IRecordStore
{
    private readonly ConcurrentDictionary<(string Kind, string Id), Record> rows = new();

    public int Largest { get; private set; }

    public Task<Record?> ReadAsync(string kind, string id, CancellationToken cancellation) => Task.FromResult(rows.GetValueOrDefault((kind, id)));

    public Task<IReadOnlyList<Record>> ListAsync(string kind, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<Record>>([.. rows.Values.Where(row => row.Kind == kind).OrderBy(row => row.Id, StringComparer.Ordinal)]);

    public Task WriteAsync(string kind, string id, long expected, ReadOnlyMemory<byte> value, CancellationToken cancellation)
    {
        if ((rows.GetValueOrDefault((kind, id))?.Version ?? 0) != expected) throw new StaleRecordException(kind, expected);
        rows[(kind, id)] = new(kind, id, expected + 1, value);
        Largest = Math.Max(Largest, value.Length);
        return Task.CompletedTask;
    }

    public Task DeleteAsync(string kind, string id, long expected, CancellationToken cancellation)
    {
        rows.TryRemove((kind, id), out _);
        return Task.CompletedTask;
    }
}
