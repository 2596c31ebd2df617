using TrustMesh.Contracts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Orleans.Chaos;

/// <summary>An operator who never rests: approves, suspends, resumes and revokes devices at any silo, and says what was answered.</summary>
internal sealed class OperatorStream(ChaosWorld world, IReadOnlyList<ChaosDevice> devices, Random random)
{
    public async Task RunAsync(CancellationToken finishing)
    {
        while (!finishing.IsCancellationRequested)
        {
            var device = devices[random.Next(devices.Count)];
            if (device.Ledger.TryBegin(Choose, world.NewReason()) is { } act) await DecideAsync(device, act);
            await Task.WhenAny(Task.Delay(random.Next(50, 300), finishing));
        }
    }

    private string? Choose(Standing standing)
    {
        var drawn = random.NextDouble();
        return standing switch
        {
            Standing.Pending => drawn < 0.95 ? "approve" : "revoke",
            Standing.Active => drawn < 0.6 ? "suspend" : drawn < 0.75 ? "revoke" : null,
            Standing.Suspended => drawn < 0.9 ? "resume" : "revoke",
            _ => null,
        };
    }

    private async Task DecideAsync(ChaosDevice device, Act act)
    {
        var silo = random.Next(world.Mesh.Silos.Count);
        var (end, summary) = await world.ActAsync<DeviceSummary>(silo, HttpMethod.Post, $"devices/{device.Id.Text}/{act.Verb}", new Decision(act.Reason));
        device.Ledger.Ended(act, end, summary?.Version ?? 0);
        world.Count($"decisions {end}");
        if (end != ActEnd.Acknowledged) return;
        if (summary!.Standing != act.To.ToString().ToLowerInvariant()) world.Fault($"{device.Name}: {act} was answered with {summary.Standing}");
        // Whoever decided is answered when the list says it, and this silo has that list. Nobody else decides about this device meanwhile but this stream.
        if (device.Ledger.IsInDoubt || await world.TryGetAsync<RevocationView>(silo, "revocations") is not { } list) return;
        var listed = list.Devices.FirstOrDefault(one => one.Id == device.Id.Text)?.Standing;
        if (device.Ledger.Acts[^1] == act && listed != (act.To == Standing.Active ? null : summary.Standing))
            world.Fault($"{device.Name}: {act} was answered, and list {list.Serial} of silo-{silo + 1} says {listed ?? "nothing"}");
    }
}
