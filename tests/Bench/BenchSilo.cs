using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using TrustMesh.Host;
using TrustMesh.Host.Settings;

namespace TrustMesh.Bench;

/// <summary>A whole silo in this process, on a directory of its own that goes with it. Rate limits are lifted: they are there to be reached.</summary>
internal sealed class BenchSilo : IAsyncDisposable
{
    private readonly string folder;

    private BenchSilo(string folder, SiloProcess process) => (this.folder, Process) = (folder, process);

    public SiloProcess Process { get; }

    public static async Task<BenchSilo> StartAsync(int residentTwins)
    {
        var folder = Directory.CreateTempSubdirectory("trustmesh-bench-").FullName;
        var limits = new LimitSettings() with { SourceRate = 1_000_000, EnrolmentRate = 1_000_000, DeviceRate = 1_000_000, ResidentTwins = residentTwins };
        var settings = new SiloSettings(Path.Combine(folder, "silo"), "bench", new(IPAddress.Loopback, 0), new(IPAddress.Loopback, 0), ["localhost", "127.0.0.1"],
            null, [], new HashSet<string>(), null, null, 600, 60, limits);
        return new(folder, await SiloProcess.StartAsync(settings, NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        Directory.Delete(folder, true);
    }
}
