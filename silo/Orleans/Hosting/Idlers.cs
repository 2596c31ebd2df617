using System.Collections.Concurrent;
using Orleans.Runtime;

namespace TrustMesh.Orleans.Hosting;

/// <summary>
/// Lets activations go that nobody has asked for long enough. Orleans' own collector goes by the time of day: once that was set back it takes no new activation
/// until it has caught up, and nothing works. So every grain here is kept alive, and those that should go are noted here, by a clock that only goes forward. Thread-safe.
/// </summary>
public sealed class Idlers : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<IGrainContext, Due> waiting = new(ReferenceEqualityComparer.Instance);
    private readonly TimeProvider time;
    private readonly ITimer timer;

    public Idlers(TimeProvider time)
    {
        this.time = time;
        timer = time.CreateTimer(_ => LetGo(), null, Every, Every);
    }

    /// <summary>The grain was asked: it may go when nobody asks again for that long, give or take half a minute.</summary>
    public void Stay(IGrainContext grain, TimeSpan stay) => waiting[grain] = new(time.GetTimestamp(), stay);

    /// <summary>The activation goes by itself.</summary>
    public void Forget(IGrainContext grain) => waiting.TryRemove(grain, out _);

    public void Dispose() => timer.Dispose();

    private void LetGo()
    {
        foreach (var (grain, due) in waiting)
            if (time.GetElapsedTime(due.Since) >= due.Stay && waiting.TryRemove(new(grain, due)))
                grain.Deactivate(new(DeactivationReasonCode.ActivationIdle, "Nobody asked for long enough."), CancellationToken.None);
    }

    private readonly record struct Due(long Since, TimeSpan Stay);
}
