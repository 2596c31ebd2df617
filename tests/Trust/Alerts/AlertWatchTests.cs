using TrustMesh.Tests.Agent;
using TrustMesh.Trust.Alerts;

namespace TrustMesh.Tests.Trust.Alerts;

public class AlertWatchTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Of_two_silos_one_watches_and_when_it_stops_the_other_goes_on_where_it_was()
    {
        var records = new MemoryRecordStore();
        AlertRig[] silos = [new(TimeProvider.System, records), new(TimeProvider.System, records)];
        AlertWatch[] watches = [.. silos.Select((silo, i) => new AlertWatch(silo.Fresh, new(records, $"silo-{i}", TimeProvider.System), silo.Feed, silo, why => Assert.Fail(why), TimeProvider.System))];
        foreach (var watch in watches) watch.Start();
        await Eventually.TrueAsync(() => silos.Any(silo => silo.Turns), "one of them to watch", Deadline);
        foreach (var silo in silos) silo.Fail(1);
        await Eventually.TrueAsync(() => silos.Sum(silo => silo.Offered.Count) == 1, "the alert", Deadline);
        var first = Array.FindIndex(silos, silo => silo.Turns);
        Assert.Single(silos[first].Offered);
        Assert.False(silos[1 - first].Turns);

        await watches[first].DisposeAsync();
        await Eventually.TrueAsync(() => silos[1 - first].Turns, "the other to take over", Deadline);
        silos[1 - first].Put(1);
        await Eventually.TrueAsync(() => silos[1 - first].Offered.Count == 1, "it to resolve", Deadline);
        Assert.Equal((silos[first].Offered[0].Id, "resolved"), silos[1 - first].Offered[0]);
        Assert.Single(await silos[0].Book.ViewsAsync(default));
        await watches[1 - first].DisposeAsync();
        Assert.DoesNotContain(records.All, row => row.Kind == "alert-lease");
    }

    [Fact]
    public async Task A_store_that_fails_is_asked_again_and_nothing_is_lost()
    {
        var rig = new AlertRig(TimeProvider.System);
        var failures = 0;
        await using var watch = new AlertWatch(rig.Fresh, null, rig.Feed, rig, _ => Interlocked.Increment(ref failures), TimeProvider.System);
        watch.Start();
        await Eventually.TrueAsync(() => rig.Turns, "the watch", Deadline);
        rig.Faulty.Fail(1, afterWriting: true);
        rig.Fail(1);
        await Eventually.TrueAsync(() => rig.Offered.Count == 1, "the alert", Deadline);
        Assert.Equal(1, failures);
        Assert.Single(await rig.Book.ViewsAsync(default));
    }
}
