using TrustMesh.Host;

namespace TrustMesh.Fleet;

/// <summary>What goes on in a fleet that is looked at: everybody renews in time, and at the rate asked for something happens.</summary>
internal sealed class FleetLife(FleetOptions options, SimulatedFleet fleet, Silo silo)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    private readonly FleetRounds rounds = new(silo, fleet, options.Lifetime);
    private readonly Random random = new(options.Seed + 1);
    private readonly SimulatedDevice[] awake = [.. fleet.Devices.Where(device => device.IsActive)];
    private int next;
    private int tampered = fleet.Devices.Count(device => device.Fate == Fate.Tampered);

    /// <summary>Goes on until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        // Half a lifetime for a whole round, and a little faster than need be.
        var (renewals, changes) = (awake.Length / (options.Lifetime * 0.45), (double)options.Rate);
        var (renewing, changing) = (0.0, 0.0);
        using var timer = new PeriodicTimer(Beat);
        while (awake.Length > 0 && await timer.WaitForNextTickAsync(ct))
        {
            renewing += renewals * Beat.TotalSeconds;
            changing += changes * Beat.TotalSeconds;
            // Drawn one after the other, so that the same seed tells the same story; done side by side.
            var acts = new List<Func<Task>>();
            for (; renewing >= 1; renewing--) acts.Add(Renewal(awake[next++ % awake.Length], ct));
            for (; changing >= 1; changing--) acts.Add(Change(ct));
            await Parallel.ForEachAsync(acts, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = ct }, async (act, _) => await act());
        }
    }

    private Func<Task> Renewal(SimulatedDevice device, CancellationToken ct) => async () =>
    {
        await rounds.ProveAsync(device, ct);
        await rounds.JudgeAsync(device, ct);
    };

    /// <summary>Mostly a proof or an examination that finds nothing new; one in eight a device goes wrong, or right again.</summary>
    private Func<Task> Change(CancellationToken ct)
    {
        var (device, luck) = (awake[random.Next(awake.Length)], random.NextDouble());
        if (luck < 0.125) return Turn(tampered > awake.Length / 50 ? awake.First(one => one.Fate == Fate.Tampered) : device, ct);
        return luck < 0.6 ? () => rounds.ProveAsync(device, ct) : () => rounds.JudgeAsync(device, ct);
    }

    private Func<Task> Turn(SimulatedDevice device, CancellationToken ct)
    {
        if (device.Fate == Fate.Tampered)
        {
            tampered--;
            device.Mend();
        }
        else
        {
            tampered++;
            device.Tamper();
        }
        return async () =>
        {
            await rounds.ProveAsync(device, ct);
            foreach (var examiner in fleet.ExaminersOf(device)) await rounds.JudgeAsync(examiner, ct);
        };
    }
}
