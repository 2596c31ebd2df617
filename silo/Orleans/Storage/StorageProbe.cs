using Orleans;
using Orleans.Runtime;
using TrustMesh.Trust.Records;

namespace TrustMesh.Orleans.Storage;

/// <summary>
/// Reads and writes one row before a silo becomes active: one that cannot, because the storage is away, the secret is wrong or only reads are allowed,
/// ends with the reason and never joins.
/// </summary>
internal sealed class StorageProbe(Rows rows) : ILifecycleParticipant<ISiloLifecycle>
{
    private const string Kind = "probe", Id = "silo";

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(StorageProbe), ServiceLifecycleStage.ApplicationServices + 1, _ => CheckAsync());

    /// <summary>Throws <see cref="IOException"/> with a sentence for the operator.</summary>
    public async Task CheckAsync()
    {
        var version = (await rows.ReadAsync(Kind, Id))?.Version ?? 0;
        try
        {
            await rows.WriteAsync(Kind, Id, version, default);
        }
        catch (StaleRecordException)
        {
            // Another silo starts at the same moment and was faster: the storage takes writes.
            return;
        }
    }
}
