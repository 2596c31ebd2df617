using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;

namespace TrustMesh.Trust.Alerts;

/// <summary>Rows of one kind. One that cannot be read is told and passed over: everything else works (attack A43).</summary>
/// <param name="isolated">Gets kind, id and reason.</param>
internal sealed class AlertRows<T>(IRecordStore store, string kind, JsonTypeInfo<T> type, Action<string, string, string> isolated) where T : class
{
    public async Task<IReadOnlyList<(string Id, long Version, T Value)>> ListAsync(CancellationToken cancellation)
    {
        var read = new List<(string, long, T)>();
        foreach (var row in await store.ListAsync(kind, cancellation))
            if (Read(row) is { } value) read.Add((row.Id, row.Version, value));
        return read;
    }

    /// <summary>Version 0 and null where there is none, or none that can be read.</summary>
    public async Task<(long Version, T? Value)> ReadAsync(string id, CancellationToken cancellation)
        => await store.ReadAsync(kind, id, cancellation) is { } row ? (row.Version, Read(row)) : (0, null);

    public Task WriteAsync(string id, long expected, T value, CancellationToken cancellation)
        => store.WriteAsync(kind, id, expected, JsonSerializer.SerializeToUtf8Bytes(value, type), cancellation);

    /// <summary>Writes the row, or deletes it for null, with what the log says of it.</summary>
    public Task ActAsync(string id, long expected, T? value, IReadOnlyList<TwinEvent>? lines, CancellationToken cancellation)
        => store.ActAsync(kind, id, expected, value is null ? null : JsonSerializer.SerializeToUtf8Bytes(value, type), lines ?? [], cancellation);

    /// <summary>Deletes what nobody needs; if somebody changed it meanwhile it stays.</summary>
    public async Task TidyAsync(string id, long expected, CancellationToken cancellation)
    {
        try
        {
            await store.DeleteAsync(kind, id, expected, cancellation);
        }
        catch (StaleRecordException)
        {
            // Whoever changed it has a reason to keep it, or deleted it: either is well.
        }
    }

    private T? Read(Record row)
    {
        try
        {
            return JsonSerializer.Deserialize(row.Value.Span, type) ?? throw new JsonException("nothing");
        }
        catch (JsonException unreadable)
        {
            isolated(kind, row.Id, unreadable.Message);
            return null;
        }
    }
}
