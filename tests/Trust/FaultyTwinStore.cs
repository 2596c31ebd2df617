using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Tests.Trust;

/// <summary>A store whose next save fails: either nothing was written, or all of it was and nobody heard.</summary>
public sealed class FaultyTwinStore(ITwinStore inner) : ITwinStore
{
    /// <summary>Null: the next save works. Else it throws, after writing if true.</summary>
    public bool? FailPersisted { get; set; }

    public Task<StoredTwin?> LoadAsync(DeviceId device, CancellationToken cancellation) => inner.LoadAsync(device, cancellation);

    public IAsyncEnumerable<StoredTwin> LoadAllAsync(CancellationToken cancellation) => inner.LoadAllAsync(cancellation);

    public Task<StoredProof?> LoadProofAsync(DeviceId device, CancellationToken cancellation) => inner.LoadProofAsync(device, cancellation);

    /// <summary>The same for the next time a row lets its lines go.</summary>
    public bool? FailLogged { get; set; }

    public async Task LoggedAsync(DeviceId device, long version, CancellationToken cancellation)
    {
        var failing = FailLogged;
        FailLogged = null;
        if (failing != false) await inner.LoggedAsync(device, version, cancellation);
        if (failing is not null) throw new IOException("the disk did not answer");
    }

    public async Task SaveAsync(TwinWrite write, CancellationToken cancellation)
    {
        if (FailPersisted is not { } persisted)
        {
            await inner.SaveAsync(write, cancellation);
            return;
        }
        FailPersisted = null;
        if (persisted) await inner.SaveAsync(write, cancellation);
        throw new IOException("the disk did not answer");
    }
}
