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

    /// <param name="expected">Version the row must have; 0 means there must be none. The new version is one more.</param>
    Task WriteAsync(string kind, string id, long expected, ReadOnlyMemory<byte> value, CancellationToken cancellation);

    /// <param name="expected">Version the row must have.</param>
    Task DeleteAsync(string kind, string id, long expected, CancellationToken cancellation);
}
