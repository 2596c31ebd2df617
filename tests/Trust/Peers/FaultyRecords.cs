using TrustMesh.Trust.Records;
using Record = TrustMesh.Trust.Records.Record;

namespace TrustMesh.Tests.Trust.Peers;

/// <summary>A record store whose next write fails: either nothing was written, or all of it was and nobody heard.</summary>
public sealed class FaultyRecords(IRecordStore inner) : IRecordStore
{
    /// <summary>Null: the next write works. Else it throws, after writing if true.</summary>
    public bool? FailPersisted { get; set; }

    /// <summary>Runs before the next write: what another host does meanwhile.</summary>
    public Func<Task>? Meanwhile { get; set; }

    public Task<Record?> ReadAsync(string kind, string id, CancellationToken cancellation) => inner.ReadAsync(kind, id, cancellation);

    public Task<IReadOnlyList<Record>> ListAsync(string kind, CancellationToken cancellation) => inner.ListAsync(kind, cancellation);

    public Task DeleteAsync(string kind, string id, long expected, CancellationToken cancellation) => inner.DeleteAsync(kind, id, expected, cancellation);

    public async Task WriteAsync(string kind, string id, long expected, ReadOnlyMemory<byte> value, CancellationToken cancellation)
    {
        if (Meanwhile is { } meanwhile)
        {
            Meanwhile = null;
            await meanwhile();
        }
        var fails = FailPersisted;
        FailPersisted = null;
        if (fails != false) await inner.WriteAsync(kind, id, expected, value, cancellation);
        if (fails is not null) throw new IOException("the disk did not answer");
    }
}
