using System.Collections.Concurrent;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Orleans.Chaos;

/// <summary>
/// Somebody who looks at one silo all the time. Between two starts of it nothing it says goes backwards: no device's version, no device that was
/// there, no status list, no policy. Logs never do, whichever silo is asked.
/// </summary>
internal sealed class SiloWatch(ChaosWorld world, int silo, ConcurrentDictionary<int, long> sizes)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(4);

    private readonly Dictionary<string, long> versions = [];
    private int generation = -1;
    private long list, policy;

    private string Name => $"silo-{silo + 1}";

    public async Task RunAsync(CancellationToken finishing)
    {
        while (!finishing.IsCancellationRequested)
        {
            await LookAsync();
            await Task.WhenAny(Task.Delay(Every, finishing));
        }
    }

    private async Task LookAsync()
    {
        var now = world.Generation(silo);
        var known = sizes.ToDictionary();
        if (await world.TryGetAsync<List<LogView>>(silo, "log") is { } logs)
            foreach (var log in logs)
            {
                if (known.GetValueOrDefault(log.Number) > log.Size) world.Fault($"log {log.Number} had {known[log.Number]} entries, and {log.Size} at {Name} afterwards");
                sizes.AddOrUpdate(log.Number, log.Size, (_, before) => Math.Max(before, log.Size));
            }
        var devices = await world.TryListAsync(silo);
        var lists = await world.TryGetAsync<RevocationView>(silo, "revocations");
        var policies = await world.TryGetAsync<PolicyView>(silo, "policy");
        // Started anew meanwhile: nobody knows which answer is of which.
        if (now != world.Generation(silo)) return;
        if (now != generation)
        {
            (generation, list, policy) = (now, 0, 0);
            versions.Clear();
        }
        if (lists is not null && lists.Serial < list) world.Fault($"{Name} had status list {list}, and {lists.Serial} afterwards");
        if (policies is not null && policies.Version < policy) world.Fault($"{Name} had policy {policy}, and {policies.Version} afterwards");
        (list, policy) = (lists?.Serial ?? list, policies?.Version ?? policy);
        if (devices is null) return;
        world.Count("looks at a silo");
        foreach (var device in devices)
            if (versions.GetValueOrDefault(device.Id) > device.Version) world.Fault($"{device.Name} had version {versions[device.Id]} at {Name}, and {device.Version} afterwards");
        foreach (var gone in versions.Keys.Except(devices.Select(device => device.Id))) world.Fault($"{gone} was listed by {Name}, and is not any more");
        foreach (var device in devices) versions[device.Id] = device.Version;
    }
}
