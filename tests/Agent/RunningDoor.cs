using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Configuration;
using TrustMesh.Agent.Door;
using TrustMesh.Agent.Hosting;
using TrustMesh.Agent.Peers;

namespace TrustMesh.Tests.Agent;

/// <summary>A door in this process, open when it was made.</summary>
internal sealed class RunningDoor : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly StringWriter log = new();
    private readonly Task running;

    private RunningDoor(DoorSettings settings, TimeProvider time, Func<string, CancellationToken, Task<KnownPeer>> examine, DoorLimits? limits)
    {
        Path = settings.Path;
        running = new AgentDoor(settings, Book, examine, time, new Journal(TextWriter.Synchronized(log), true, LogLevel.Debug, TimeProvider.System), limits).RunAsync(stop.Token);
    }

    public string Path { get; }

    public PeerBook Book { get; } = new();

    public string Log { get { lock (log) return log.ToString(); } }

    public static async Task<RunningDoor> OpenAsync(Folder folder, TimeProvider? time = null, Func<string, CancellationToken, Task<KnownPeer>>? examine = null, DoorLimits? limits = null, UnixFileMode mode = DoorSettings.DefaultMode, string name = "door.sock")
    {
        var door = new RunningDoor(new(folder[name], mode), time ?? TimeProvider.System, examine ?? ((_, _) => throw new IOException("nobody is examined in this test")), limits);
        await Eventually.TrueAsync(() => door.running.IsCompleted || File.Exists(folder[name]) && door.Log.Contains("may ask", StringComparison.Ordinal), "the socket");
        if (door.running.IsFaulted) await door.running;
        return door;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        TestContext.Current.TestOutputHelper?.WriteLine(Log);
        stop.Dispose();
    }
}
