using System.Runtime.CompilerServices;
using TrustMesh.Trust.Twins;

namespace TrustMesh.Trust.Records;

/// <summary>
/// Small rows with compare-and-swap. A write that returns is durable; one that throws <see cref="StaleRecordException"/> wrote nothing;
/// after any other exception the outcome is unknown and the caller reads again.
/// </summary>
public interface IRecordStore
{
    Task<Record?> ReadAsync(string kind, string id, CancellationToken cancellation);

    /// <summary>All records of a kind, by id. Throws <see cref="ArgumentException"/> for a kind that cannot be listed (<see cref="RecordKinds"/>).</summary>
    Task<IReadOnlyList<Record>> ListAsync(string kind, CancellationToken cancellation);

    /// <summary>All records of a kind, by id, without having them all in memory at once where the store can.</summary>
    async IAsyncEnumerable<Record> ReadAllAsync(string kind, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var record in await ListAsync(kind, cancellation)) yield return record;
    }

    /// <param name="expected">Version the row must have; 0 means there must be none. The new version is one more.</param>
    Task WriteAsync(string kind, string id, long expected, ReadOnlyMemory<byte> value, CancellationToken cancellation);

    /// <param name="expected">Version the row must have.</param>
    Task DeleteAsync(string kind, string id, long expected, CancellationToken cancellation);

    /// <summary>
    /// Writes or deletes a row as an act of the mesh: its log has each of the lines once if the row changes and none if it does not, whatever fails or crashes in
    /// between. Answers and throws as a write. A store that stands beside no log takes no lines.
    /// </summary>
    /// <param name="value">Null: the row is deleted.</param>
    /// <param name="lines">Empty for a change that is not for the log.</param>
    Task ActAsync(string kind, string id, long expected, byte[]? value, IReadOnlyList<TwinEvent> lines, CancellationToken cancellation)
    {
        if (lines.Count > 0) throw new InvalidOperationException($"A {kind} row was to be changed by an act, and this store has no log to tell it.");
        return value is { } some ? WriteAsync(kind, id, expected, some, cancellation) : DeleteAsync(kind, id, expected, cancellation);
    }

    /// <summary>
    /// Ends when no act on the row is left half done: what is read of it afterwards is in the log, and may be acknowledged to whoever sends the same act again.
    /// </summary>
    Task SettleAsync(string kind, string id, CancellationToken cancellation) => Task.CompletedTask;
}
