using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using TrustMesh.Host;
using TrustMesh.Host.Settings;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Fleet;

/// <summary>Makes the mesh of a fleet: every device enrols, proves itself at a time of its own in the past, and examines its peers.</summary>
internal static class FleetFilling
{
    private const int Slices = 60, AtOnce = 32;

    public static SiloSettings Settings(FleetOptions options) => new(
        options.State, "simulated", new(IPAddress.Loopback, 0), new(IPAddress.Loopback, 0), ["localhost", "127.0.0.1"], null, [], new HashSet<string>(),
        options.ReadyFile, options.CodeFile, options.Lifetime, options.Lifetime / 2, new LimitSettings() with { PendingDevices = options.Devices });

    public static async Task FillAsync(FleetOptions options, SimulatedFleet fleet, Action<int> progress, CancellationToken ct)
    {
        // Opened by a clock that is behind, without listeners; whoever serves opens it anew, by the real one.
        var clock = new FleetClock { Behind = TimeSpan.FromSeconds(options.Lifetime * 1.6) };
        await using var silo = await Silo.OpenAsync(Settings(options), NullLoggerFactory.Instance, clock, ct);
        var rounds = new FleetRounds(silo, fleet, options.Lifetime);
        // Reference values first: learnt from one device of each model that is as it should be.
        foreach (var good in fleet.Devices.Where(device => device.Fate == Fate.Well).DistinctBy(device => device.Model).ToList())
        {
            await rounds.EnrolAsync(good, ct);
            await silo.References.LearnAsync(await rounds.ProveAsync(good, ct), ct);
        }
        var done = 0;
        var silent = fleet.Devices.Where(device => device.Fate == Fate.Silent).ToList();
        await EachAsync(silent, async device => await FirstAsync(rounds, silo, device, ct), ct);
        progress(done += silent.Count);
        // The last half of a lifetime: those that were proven first are also renewed first.
        foreach (var slice in fleet.Devices.Where(device => device.Fate != Fate.Silent).Chunk(Math.Max(1, (fleet.Devices.Count / Slices) + 1)))
        {
            var age = TimeSpan.FromSeconds(options.Lifetime * 0.5 * (1 - ((double)done / fleet.Devices.Count)));
            if (age < clock.Behind) clock.Behind = age;
            await EachAsync(slice, async device => await FirstAsync(rounds, silo, device, ct), ct);
            progress(done += slice.Length);
        }
        clock.Behind = TimeSpan.Zero;
        await EachAsync(fleet.Devices.Where(device => device.IsActive), device => rounds.JudgeAsync(device, ct), ct);
    }

    private static async Task FirstAsync(FleetRounds rounds, Silo silo, SimulatedDevice device, CancellationToken ct)
    {
        await rounds.EnrolAsync(device, ct);
        if (device.Fate is Fate.Pending or Fate.Unproven) return;
        await rounds.ProveAsync(device, ct);
        var standing = device.Fate switch { Fate.Suspended => Standing.Suspended, Fate.Revoked => Standing.Revoked, _ => Standing.Active };
        if (standing != Standing.Active)
            await silo.Place.Twin(device.Id).DecideAsync(new(standing, false, "simulated fleet", standing == Standing.Revoked ? "stolen (simulated)" : "maintenance (simulated)", null), ct);
    }

    private static Task EachAsync(IEnumerable<SimulatedDevice> devices, Func<SimulatedDevice, Task> act, CancellationToken ct)
        => Parallel.ForEachAsync(devices, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (device, _) => await act(device));
}
