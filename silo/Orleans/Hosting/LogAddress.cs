using TrustMesh.Orleans.Grains;
using TrustMesh.Trust.Log;

namespace TrustMesh.Orleans.Hosting;

/// <summary>One of the mesh's logs, wherever its writer is.</summary>
internal sealed class LogAddress(int number, IGrainFactory grains) : IMeshLog
{
    public Task AppendAsync(IReadOnlyList<LogLine> lines, CancellationToken cancellation) => CallAsync(log => log.AppendAsync([.. lines]));

    public Task AppendOnceAsync(IReadOnlyList<LogLine> lines, long since, CancellationToken cancellation) => CallAsync(log => log.AppendOnceAsync([.. lines], since));

    private async Task CallAsync(Func<ILogGrain, Task> call)
    {
        try
        {
            await call(grains.GetGrain<ILogGrain>(number));
        }
        catch (Exception failed) when (Trouble.IsOfCluster(failed))
        {
            throw Trouble.Told(failed);
        }
    }
}
