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
    private const int Tries = 3;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(StorageProbe), ServiceLifecycleStage.ApplicationServices + 1, _ => CheckAsync());

    /// <summary>Throws <see cref="IOException"/> with a sentence for the operator. A storage that others keep busy is asked again: a start that gives up only begins anew.</summary>
    public async Task CheckAsync()
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await TryAsync();
                return;
            }
            catch (IOException) when (tries < Tries)
            {
                // The last of them is told.
                continue;
            }
        }
    }

    private async Task TryAsync()
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
