using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Configuration;
using TrustMesh.Agent.Files;
using TrustMesh.Agent.Hosting;
using TrustMesh.Agent.Life;
using TrustMesh.Agent.Peers;

namespace TrustMesh.Tests.Agent;

/// <summary>An agent's life in this process, with a state folder, a measured folder and a journal that can be read.</summary>
public sealed class RunningLife : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly StateDirectory state;
    private readonly DeviceLife life;
    private readonly Task running;

    public RunningLife(Folder folder, Uri silo, RegisterRoot root, string? token, int floor = 1, Func<AgentConfig, AgentConfig>? change = null)
    {
        Directory.CreateDirectory(folder["measured"]);
        if (token is not null) folder.Write("token", token);
        File.SetUnixFileMode(folder.FullPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Config = new("press-1", "oslo", "press", folder["state"], [silo], folder["token"], new("software", "", "auto", 13, folder["state"]), [new(folder["measured"], "", ["**"])],
            TimeSpan.FromSeconds(floor), TimeSpan.FromMinutes(10));
        Config = change?.Invoke(Config) ?? Config;
        state = StateDirectory.Open(Config.State);
        life = new(Config, state, root, TimeProvider.System, new Journal(Log, underSystemd: true, LogLevel.Debug, TimeProvider.System), new ServiceNotification(null, null), "0.1.0");
        running = life.RunAsync(stop.Token);
    }

    public AgentConfig Config { get; }

    public StringWriter Log { get; } = new();

    public AgentState State => life.State;

    public PeerBook Peers => life.Peers;

    public Task InPhaseAsync(AgentPhase phase) => Eventually.TrueAsync(() => life.State.Phase == phase, $"{phase}; it is {life.State.Phase}: {life.State.Reason}");

    public AgentStatus Status()
    {
        using var peek = StateDirectory.Peek(Config.State);
        return AgentStatus.Load(peek)!;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        TestContext.Current.TestOutputHelper?.WriteLine(Log.ToString());
        await life.DisposeAsync();
        state.Dispose();
        stop.Dispose();
    }
}
