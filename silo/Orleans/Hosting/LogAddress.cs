using TrustMesh.Orleans.Grains;
using TrustMesh.Trust.Log;

namespace TrustMesh.Orleans.Hosting;

/// <summary>One of the mesh's logs, wherever its writer is.</summary>
internal sealed class LogAddress(int number, IGrainFactory grains) : IMeshLog
{
    public async Task AppendAsync(IReadOnlyList<LogLine> lines, CancellationToken cancellation)
    {
        try
        {
            await grains.GetGrain<ILogGrain>(number).AppendAsync([.. lines]);
        }
        catch (Exception failed) when (Trouble.IsOfCluster(failed))
        {
            throw Trouble.Told(failed);
        }
    }
}
