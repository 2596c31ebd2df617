using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

/// <summary>The past of the fake: whoever is not trusted now was, until some minutes ago.</summary>
public sealed partial class FakeFleet
{
    public HistoryView Past(DateTimeOffset from, DateTimeOffset to)
    {
        var changes = Devices.Values.Where(device => device.Look != Looks.Trusted)
            .Select((device, i) => new PastChange(Now.AddMinutes(-3 - i * 17 % 54), device.Id, device.Look, device.Look == Looks.Stale ? "stale" : device.Standing == "active" ? "verdict" : device.Standing,
                device.Look == Looks.Stale ? "no new evidence" : device.Standing == "active" ? $"{device.Status}: boot: expected d1f0, got 7c22" : "seen with its housing open", device.Standing == "active" ? "device" : "anna"))
            .OrderBy(change => change.At).ToList();
        var before = changes.Where(change => change.At <= from).ToDictionary(change => change.Device);
        return new(from, to, Now.AddDays(-30),
            [.. Devices.Values.Select(device => new PastDevice(device.Id, device.Name, device.Site, device.Model, device.Tier, before.GetValueOrDefault(device.Id)?.Look ?? Looks.Trusted, before.GetValueOrDefault(device.Id)?.At ?? Now.AddDays(-12)))],
            [.. changes.Where(change => change.At > from && change.At <= to)]);
    }
}
