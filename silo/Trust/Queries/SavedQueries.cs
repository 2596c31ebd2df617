using System.Text.Json;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Trust.Acts;
using TrustMesh.Trust.Records;

namespace TrustMesh.Trust.Queries;

/// <summary>Queries that people keep under a name, for everybody of the mesh. Rows of the record store, so that all silos have the same. Thread-safe.</summary>
public sealed class SavedQueries(IRecordStore store, TimeProvider time)
{
    /// <summary>Queries of one mesh (attack A42). Two people who save at the same moment may come one over it.</summary>
    public const int Most = 200;

    private const string Kind = "saved-query";

    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<SavedQuery>> ListAsync(CancellationToken cancellation)
        => [.. (await store.ListAsync(Kind, cancellation)).Select(Read).OrderBy(one => one.Name, StringComparer.Ordinal)];

    public async Task<SavedQuery?> FindAsync(string name, CancellationToken cancellation)
        => await store.ReadAsync(Kind, name, cancellation) is { } row ? Read(row) : null;

    /// <summary>Saves, or replaces what was there. Null if there are <see cref="Most"/> already. The caller has checked the name.</summary>
    public async Task<SavedQuery?> SaveAsync(string name, FleetQuery query, string by, CancellationToken cancellation, Telling<SavedQuery>? tell = null)
    {
        var row = await store.ReadAsync(Kind, name, cancellation);
        if (row is null && (await store.ListAsync(Kind, cancellation)).Count >= Most) return null;
        var saved = new SavedQuery(name, query.Text.Trim(), by, time.GetUtcNow());
        await store.ActAsync(Kind, name, row?.Version ?? 0, JsonSerializer.SerializeToUtf8Bytes(saved, TrustJson.Default.SavedQuery), tell?.Invoke(saved) ?? [], cancellation);
        return saved;
    }

    /// <summary>False if there is none with that name.</summary>
    public async Task<bool> RemoveAsync(string name, CancellationToken cancellation, Telling<string>? tell = null)
    {
        if (await store.ReadAsync(Kind, name, cancellation) is not { } row) return false;
        await store.ActAsync(Kind, name, row.Version, null, tell?.Invoke(name) ?? [], cancellation);
        return true;
    }

    private static SavedQuery Read(Record row) => JsonSerializer.Deserialize(row.Value.Span, TrustJson.Default.SavedQuery)!;
}
