using TrustMesh.Trust.Log;

namespace TrustMesh.Orleans.Hosting;

/// <summary>The mesh's logs as its twins see them. How many there are is stored with the mesh, and known once a silo has looked.</summary>
public sealed class MeshLogs(IGrainFactory grains, TimeProvider time) : IMeshLog
{
    private readonly TaskCompletionSource<ShardedLog> logs = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>There are so many.</summary>
    public void Begin(int count) => logs.TrySetResult(new([.. Enumerable.Range(0, count).Select(number => new LogAddress(number, grains))], time));

    public LogTrouble? Trouble => logs.Task.IsCompletedSuccessfully ? logs.Task.Result.Trouble : null;

    public async Task AppendAsync(IReadOnlyList<LogLine> lines, CancellationToken cancellation) => await (await logs.Task.WaitAsync(cancellation)).AppendAsync(lines, cancellation);
}
