using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Directory;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Trust;

public sealed class PropagationTests
{
    private readonly ManualTime time = new();
    private readonly Propagation propagation;

    public PropagationTests() => propagation = new(time);

    [Fact]
    public void Times_are_from_signing_to_enforcement_whenever_they_are_told()
    {
        Begin(1);
        time.Advance(TimeSpan.FromMilliseconds(130));
        propagation.Acknowledge(Entry(1).Device, 1, 50, 0);
        time.Advance(TimeSpan.FromSeconds(25));
        propagation.Acknowledge(Entry(1).Device, 1, 25_050, 0);
        propagation.Acknowledge(Entry(2).Device, 1, 24_000, 2);
        var view = propagation.View(null, Entries(3))!;
        Assert.Equal((1L, 3, 2, 80L, 1_130L), (view.Serial, view.Devices, view.Acknowledged, view.P50Ms, view.P99Ms));
        Assert.Equal([("device-2", 1_130L, 2L), ("device-1", 80L, 0L)], view.Acks.Select(ack => (ack.Name, ack.Milliseconds, ack.Gaps)));
        Assert.Equal(["device-3"], view.Waiting);
    }

    [Fact]
    public void Who_has_a_newer_list_is_not_waited_for()
    {
        Begin(1);
        Begin(2);
        propagation.Acknowledge(Entry(1).Device, 2, 0, 1);
        Assert.Equal((1, 0, null), (propagation.View(1, Entries(1))!.Acknowledged, propagation.View(1, Entries(1))!.Acks.Count, propagation.View(1, Entries(1))!.P50Ms));
        // An older word that comes later takes nothing back.
        propagation.Acknowledge(Entry(1).Device, 1, 0, 0);
        Assert.Equal(1, propagation.View(2, Entries(1))!.Acknowledged);
    }

    [Fact]
    public void Words_that_make_no_sense_count_for_nothing()
    {
        propagation.Acknowledge(Entry(1).Device, 1, 0, 0);
        Begin(1);
        propagation.Acknowledge(Entry(1).Device, 0, 0, 0);
        propagation.Acknowledge(Entry(1).Device, 2, 0, 0);
        Assert.Equal(0, propagation.View(1, Entries(1))!.Acknowledged);
        propagation.Acknowledge(Entry(1).Device, 1, long.MaxValue, 0);
        Assert.Equal(0, propagation.View(1, Entries(1))!.P99Ms);
        Assert.Null(propagation.View(2, Entries(1)));
    }

    [Fact]
    public void Only_active_devices_are_waited_for()
    {
        Begin(1);
        var view = propagation.View(1, [Entry(1), Entry(2) with { Standing = Standing.Revoked }, Entry(3) with { Standing = Standing.Pending }])!;
        Assert.Equal((1, "device-1"), (view.Devices, Assert.Single(view.Waiting)));
    }

    [Fact]
    public void A42_The_newest_lists_are_kept_and_those_that_changed_something_longest()
    {
        Begin(1, changed: true);
        for (var serial = 2; serial <= 100; serial++) Begin(serial);
        Assert.NotNull(propagation.View(1, []));
        Assert.Null(propagation.View(2, []));
        Assert.NotNull(propagation.View(100, []));
        Assert.Equal(Propagation.Lists, Enumerable.Range(1, 100).Count(serial => propagation.View(serial, []) is not null));
        for (var serial = 101; serial <= 200; serial++) Begin(serial, changed: true);
        Assert.Equal(Enumerable.Range(185, 16), Enumerable.Range(1, 200).Where(serial => propagation.View(serial, []) is not null));
    }

    private void Begin(long serial, bool changed = false)
        => propagation.Begin(new(serial, default, time.GetUtcNow(), time.GetUtcNow().AddDays(1), 1024, changed ? [new(Entry(1).Device, "device-1", Standing.Revoked, 1, time.GetUtcNow(), "ann", "")] : []));

    private static IEnumerable<DeviceEntry> Entries(int count) => Enumerable.Range(1, count).Select(Entry);

    private static DeviceEntry Entry(int number)
        => new(TrustMesh.Wire.DeviceId.FromRootKey([(byte)number]), $"device-{number}", "lab", "sensor", AssuranceTier.Software, Standing.Active, TrustTier.None, null, null, default, null, 1);
}
