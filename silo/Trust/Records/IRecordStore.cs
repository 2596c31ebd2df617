using System.Runtime.CompilerServices;

namespace TrustMesh.Trust.Records;

/// <summary>
/// Small rows with compare-and-swap. A write that returns is durable; one that throws <see cref="StaleRecordException"/> wrote nothing;
/// after any other exception the outcome is unknown and the caller reads again.
/// </summary>
public interface IRecordStore
{
    Task<Record?> ReadAsync(string kind, string id, CancellationToken cancellation);

    /// <summary>All records of a kind, by id.</summary>
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
}
