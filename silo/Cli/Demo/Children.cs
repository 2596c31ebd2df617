namespace TrustMesh.Cli.Demo;

/// <summary>Everything the demo started. A death nobody asked for is told once; the end comes in the opposite order of the start.</summary>
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

    /// <summary>Told of the death of a child that nobody asked to die and that the others do without.</summary>
    public Action<ChildProcess> Missed { get; set; } = _ => { };

    /// <summary>The child of a name, as last started; null if there was none.</summary>
    public ChildProcess? Find(string name)
    {
        lock (started) return started.Find(child => child.Name == name);
    }

    /// <summary>Starts a child. One of the same name that has ended gives its place in the order to it.</summary>
    public Task<ChildProcess> StartAsync(string name, string log, string folder, params IReadOnlyList<string> command)
        => StartAsync(name, log, folder, new Dictionary<string, string>(), command);

    /// <inheritdoc cref="StartAsync(string, string, string, IReadOnlyList{string})"/>
    /// <param name="environment">What it finds there beside everything of ours.</param>
    public async Task<ChildProcess> StartAsync(string name, string log, string folder, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> command)
    {
        var child = new ChildProcess(name, log, await launcher.StartAsync(log, folder, environment, command));
        lock (started)
        {
            var earlier = started.FindIndex(one => one.Name == name);
            if (earlier < 0) started.Add(child);
            else started[earlier] = child;
        }
        _ = WatchAsync(child);
        return child;
    }

    /// <summary>Ends one child on purpose.</summary>
    public static Task StopAsync(ChildProcess child) => child.StopAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        stopping = true;
        List<ChildProcess> all;
        lock (started) all = [.. started];
        // Agents before the silos they talk to, silos before their stores, and TPMs last: each level is gone before the next one is asked.
        foreach (var level in all.AsEnumerable().Reverse().GroupBy(child => child.Name.Split(' ', '-')[0]))
            await Task.WhenAll(level.Select(StopAsync));
        launcher.Dispose();
        ended.Dispose();
    }

    private async Task WatchAsync(ChildProcess child)
    {
        await child.Exited;
        if (stopping || child.IsAsked) return;
        if (child.IsExpendable) Missed(child);
        else if (death.TrySetResult(child)) await ended.CancelAsync();
    }
}
