using System.Threading.Channels;
using TrustMesh.Wire;

namespace TrustMesh.Agent.Peers;

/// <summary>
/// Examines peers when they are due, a few at a time, each at most once at a time. Thread-safe.
/// </summary>
/// <param name="examine">Examines a peer and returns when it is due again; throws nothing but a cancellation.</param>
/// <param name="atOnce">Examinations at one moment.</param>
internal sealed class PeerSchedule(Func<DeviceId, int, CancellationToken, Task<(DateTimeOffset Due, bool Answered)>> examine, int atOnce, TimeProvider time)
{
    /// <summary>Between two examinations of one peer, whatever happens: a file that changes all the time is not worth more.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly Dictionary<DeviceId, PeerPlan> plans = [];
    private readonly Channel<bool> woken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int running;
    private DateTimeOffset last;

    /// <summary>Plans a peer; one that is planned already keeps its time.</summary>
    public void Add(DeviceId device, DateTimeOffset due)
    {
        lock (gate) plans.TryAdd(device, new(due));
        Wake();
    }

    public void Remove(DeviceId device)
    {
        lock (gate) plans.Remove(device);
    }

    /// <summary>Everyone at once; who is being examined, once more after that: the answer may have been signed before what happened now.</summary>
    public void AllNow() => Hasten(_ => true);

    public void Now(DeviceId device) => Hasten(one => one == device);

    /// <summary>Everyone within that time, each at a moment of its own: what a whole mesh hears in one moment is not what it answers in one.</summary>
    public void AllWithin(TimeSpan longest)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            foreach (var plan in plans.Values)
            {
                var due = now + longest * Random.Shared.NextDouble();
                if (plan.Running is not null) plan.Again = true;
                else if (plan.DueAt > due) plan.DueAt = due;
            }
        }
        Wake();
    }

    /// <summary>It was judged on a connection it dialled: the next round can wait.</summary>
    public void Judged(DeviceId device, DateTimeOffset due)
    {
        lock (gate)
            if (plans.TryGetValue(device, out var plan) && plan is { Running: null, Again: false }) (plan.DueAt, plan.Failures) = (due, 0);
    }

    /// <summary>It gave no answer just now: it is not left in peace until the interval is over.</summary>
    public void Failed(DeviceId device, DateTimeOffset due)
    {
        lock (gate)
            if (plans.TryGetValue(device, out var plan) && plan.Running is null && plan.DueAt > due) plan.DueAt = due;
        Wake();
    }

    public async Task RunAsync(Action tick, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            tick();
            var wait = Start(stop) - time.GetUtcNow();
            if (wait <= TimeSpan.Zero) continue;
            using var limit = Limit.In(wait < Longest ? wait : Longest, time, stop);
            try
            {
                await woken.Reader.ReadAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                // Nothing happened; somebody is due.
            }
        }
    }

    /// <summary>Waits for what runs; call after the token was cancelled.</summary>
    public Task IdleAsync()
    {
        lock (gate) return Task.WhenAll(plans.Values.Select(plan => plan.Running ?? Task.CompletedTask));
    }

    /// <summary>Starts whoever is due as long as there is room; returns when to look again.</summary>
    private DateTimeOffset Start(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            // A clock that was set back must not leave everybody unexamined until it is where it was (A49).
            if (now + Longest < last)
                foreach (var plan in plans.Values) (plan.DueAt, plan.BeganAt) = (now, default);
            last = now;
            foreach (var (device, plan) in plans.Where(one => one.Value.Running is null && one.Value.DueAt <= now).OrderBy(one => one.Value.DueAt).ToList())
            {
                if (running >= atOnce) return now + Longest;
                running++;
                (plan.Again, plan.BeganAt) = (false, now);
                plan.Running = Task.Run(() => RunAsync(device, plan, stop), CancellationToken.None);
            }
            return plans.Values.Where(plan => plan.Running is null).Select(plan => plan.DueAt).DefaultIfEmpty(now + Longest).Min();
        }
    }

    private async Task RunAsync(DeviceId device, PeerPlan plan, CancellationToken stop)
    {
        var (due, answered) = (time.GetUtcNow() + Longest, false);
        try
        {
            (due, answered) = await examine(device, plan.Failures, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The agent ends.
        }
        finally
        {
            lock (gate)
            {
                running--;
                plan.Failures = answered ? 0 : plan.Failures + 1;
                (plan.DueAt, plan.Running) = (plan.Again ? Soon(plan) : due, null);
            }
            Wake();
        }
    }

    private void Hasten(Func<DeviceId, bool> which)
    {
        lock (gate)
            foreach (var (_, plan) in plans.Where(one => which(one.Key)))
            {
                plan.DueAt = Soon(plan);
                // Until it has begun: a verdict on a connection the peer dialled meanwhile may rest on what was signed before.
                plan.Again = true;
            }
        Wake();
    }

    private DateTimeOffset Soon(PeerPlan plan)
    {
        var now = time.GetUtcNow();
        return plan.BeganAt + Least > now ? plan.BeganAt + Least : now;
    }

    private void Wake() => woken.Writer.TryWrite(true);
}
