namespace TrustMesh.Cli.Demo;

/// <summary>Everything the demo started. A death is told once; the end comes in the opposite order of the start.</summary>
internal sealed class Children : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Launcher launcher = new();
    private readonly List<ChildProcess> started = [];
    private readonly TaskCompletionSource<ChildProcess> death = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource ended = new();
    private volatile bool stopping;

    /// <summary>Cancelled when a child dies that was not asked to.</summary>
    public CancellationToken Died => ended.Token;

    /// <summary>The child that died, once <see cref="Died"/> is cancelled.</summary>
    public ChildProcess? Dead => death.Task.IsCompletedSuccessfully ? death.Task.Result : null;

    public IReadOnlyList<ChildProcess> All => started;

    public async Task<ChildProcess> StartAsync(string name, string log, string folder, params string[] command)
    {
        var child = new ChildProcess(name, log, await launcher.StartAsync(log, folder, command));
        started.Add(child);
        _ = WatchAsync(child);
        return child;
    }

    public async ValueTask DisposeAsync()
    {
        stopping = true;
        // Agents before the silo they talk to, and TPMs last: each level is gone before the next one is asked.
        foreach (var level in started.AsEnumerable().Reverse().GroupBy(child => child.Name.Split(' ')[0]))
            await Task.WhenAll(level.Select(child => child.StopAsync(Patience)));
        launcher.Dispose();
        ended.Dispose();
    }

    private async Task WatchAsync(ChildProcess child)
    {
        await child.Exited;
        if (!stopping && death.TrySetResult(child)) await ended.CancelAsync();
    }
}
