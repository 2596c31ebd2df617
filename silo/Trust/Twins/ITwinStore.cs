using TrustMesh.Wire;

namespace TrustMesh.Trust.Twins;

/// <summary>
/// Where twins live. Called by twins, each one call at a time, different twins at once. A save that returns is durable. A save that throws
/// <see cref="StaleTwinException"/> wrote nothing; one that throws anything else may or may not have written: the caller forgets what it
/// knew and loads again, and never repeats the same write. Reads see every save that returned.
/// </summary>
public interface ITwinStore
{
    /// <summary>The row, or null.</summary>
    Task<StoredTwin?> LoadAsync(DeviceId device, CancellationToken cancellation);

    /// <summary>All rows in no particular order, for building the directory at start.</summary>
    IAsyncEnumerable<StoredTwin> LoadAllAsync(CancellationToken cancellation);

    /// <summary>The last accepted evidence with its log, both of one moment; null before the first.</summary>
    Task<StoredProof?> LoadProofAsync(DeviceId device, CancellationToken cancellation);

    Task SaveAsync(TwinWrite write, CancellationToken cancellation);

    /// <summary>The mesh's log has every line that was kept with this version of the row: they are let go. The version stays; a row of another is left alone.</summary>
    Task LoggedAsync(DeviceId device, long version, CancellationToken cancellation);
}
