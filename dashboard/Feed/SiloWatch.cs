using TrustMesh.Contracts;
using TrustMesh.Dashboard.Sessions;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Feed;

/// <summary>The silos of the mesh as long as somebody looks: how a silo is doing has no feed, so it is read again and again, also after a failure.</summary>
/// <param name="every">From an answer to the next request.</param>
/// <param name="changed">Runs in the circuit's synchronisation context, as everything here.</param>
public sealed class SiloWatch(SignedIn user, TimeProvider clock, TimeSpan every, Func<Action, Task> dispatch, Action changed) : IDisposable
{
    private Latest<IReadOnlyList<SiloView>>? _latest;
    private ITimer? _timer;

    /// <summary>Null until the first answer.</summary>
    public IReadOnlyList<SiloView>? Silos => _latest?.Value;

    public SiloException? Problem => _latest?.Problem;

    /// <summary>They are from before: there was no answer the last time.</summary>
    public bool IsOld => _latest?.IsOld == true;

    public void Start()
    {
        _latest = new(async stop => await (await user.SiloAsync()).SilosAsync(stop), Show);
        _ = LoadAsync();
    }

    public Task LoadAsync() => _latest?.LoadAsync() ?? Task.CompletedTask;

    public void Dispose()
    {
        _timer?.Dispose();
        _latest?.Dispose();
    }

    private void Show()
    {
        _timer?.Dispose();
        _timer = clock.CreateTimer(_ => _ = dispatch(() => _ = LoadAsync()), null, every, Timeout.InfiniteTimeSpan);
        changed();
    }
}
