using TrustMesh.Trust.Records;
using Record = TrustMesh.Trust.Records.Record;

namespace TrustMesh.Tests.Trust;

/// <summary>A store one of whose next writes fails, before it was written or after, or has to wait.</summary>
public sealed class FaultyRecordStore(IRecordStore inner) : IRecordStore
{
    private int left;
    private bool persisted;

    /// <summary>Writes and deletions so far.</summary>
    public int Writes { get; private set; }

    /// <summary>Every write waits for it.</summary>
    public Task Held { get; set; } = Task.CompletedTask;

    /// <summary>Runs once, before the next write: what somebody else does meanwhile.</summary>
    public Func<Task>? Meanwhile { get; set; }

    /// <summary>Runs once, after the write that fails: what somebody else does before it is heard.</summary>
    public Func<Task>? AfterFailure { get; set; }

    /// <summary>The n-th write from now throws; after writing, if <paramref name="afterWriting"/>.</summary>
    public void Fail(int n, bool afterWriting) => (left, persisted) = (n, afterWriting);

    public Task<Record?> ReadAsync(string kind, string id, CancellationToken cancellation) => inner.ReadAsync(kind, id, cancellation);

    public Task<IReadOnlyList<Record>> ListAsync(string kind, CancellationToken cancellation) => inner.ListAsync(kind, cancellation);

    public Task WriteAsync(string kind, string id, long expected, ReadOnlyMemory<byte> value, CancellationToken cancellation)
        => RunAsync(() => inner.WriteAsync(kind, id, expected, value, cancellation));

    public Task DeleteAsync(string kind, string id, long expected, CancellationToken cancellation) => RunAsync(() => inner.DeleteAsync(kind, id, expected, cancellation));

    private async Task RunAsync(Func<Task> write)
    {
        await Held;
        var meanwhile = Meanwhile;
        Meanwhile = null;
        if (meanwhile is not null) await meanwhile();
        Writes++;
        if (left == 0 || --left > 0)
        {
            await write();
            return;
        }
        if (persisted) await write();
        if (AfterFailure is { } after) await after();
        throw new IOException("the disk did not answer");
    }
}
