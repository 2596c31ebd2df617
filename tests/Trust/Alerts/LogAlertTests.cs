using TrustMesh.Contracts;
using TrustMesh.Trust.Alerts;
using TrustMesh.Trust.Log;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Tests.Trust.Alerts;

/// <summary>The one alert that cannot be told by what it is about.</summary>
public class LogAlertTests
{
    [Fact]
    public async Task A_log_that_refuses_fires_and_one_that_takes_lines_again_resolves()
    {
        var rig = new AlertRig();
        await rig.BeginAsync();
        await AppendAsync(rig.Log);
        await rig.StepAsync();
        Assert.Empty(await rig.Book.ViewsAsync(default));
        rig.Log.Refusing.Add(0);
        await Assert.ThrowsAsync<IOException>(() => AppendAsync(rig.Log));
        await rig.StepAsync(1);
        var alert = await rig.OnlyAsync();
        Assert.Equal(("log-unwritable", "critical", "firing", "the mesh's log cannot be written"), (alert.Rule, alert.Severity, alert.State, alert.Text));
        Assert.Equal([(alert.Id, "fired")], rig.Offered);
        rig.Log.Refusing.Clear();
        await rig.Log.Trouble!.TryAsync(all: false, default);
        await rig.StepAsync(1);
        Assert.Equal("resolved", (await rig.OnlyAsync()).State);
    }

    [Fact]
    public async Task One_of_several_logs_is_enough_and_the_others_do_not_clear_it()
    {
        var (log, device) = (new RefusingLog(), Enumerable.Range(0, 100).Select(one => DeviceId.FromRootKey(BitConverter.GetBytes(one))).First(one => LogShards.Of(one, 2) == 1));
        log.Refusing.Add(1);
        var line = new LogLine(DateTimeOffset.UnixEpoch, EventKind.Verdict, device, "press-1", "text", "actor", 1);
        await Assert.ThrowsAsync<IOException>(() => log.AppendAsync([line], default));
        await AppendAsync(log);
        var (_, logs, why) = log.Trouble!.Now!.Value;
        Assert.Equal([1], logs);
        Assert.Equal("log 1 is full", why);
        await log.Trouble.TryAsync(all: false, default);
        Assert.NotNull(log.Trouble.Now);
        log.Refusing.Clear();
        await log.Trouble.TryAsync(all: false, default);
        Assert.Null(log.Trouble.Now);
    }

    [Fact]
    public async Task It_is_tried_every_few_seconds_without_anybody_and_told_once_each_way()
    {
        var (log, told, time) = (new RefusingLog(), new List<TwinEvent>(), new ManualTime());
        await using var watch = new LogWatch(log, told.Add, _ => { }, time);
        await watch.StepAsync(default);
        log.Refusing.Add(0);
        await Assert.ThrowsAsync<IOException>(() => AppendAsync(log));
        for (var second = 0; second < 21; second++)
        {
            await watch.StepAsync(default);
            time.Advance(LogWatch.Look);
        }
        Assert.Equal(4, log.Tries);
        log.Refusing.Clear();
        for (var second = 0; second < 6; second++)
        {
            await watch.StepAsync(default);
            time.Advance(LogWatch.Look);
        }
        Assert.Equal(5, log.Tries);
        Assert.Collection(
            told, one => Assert.Equal("the mesh's log cannot be written: log 0 is full", one.Text), one => Assert.StartsWith("the mesh's log can be written again, after ", one.Text, StringComparison.Ordinal));
        Assert.All(told, one => Assert.Equal(EventKind.Alert, one.Kind));
    }

    [Fact]
    public async Task Where_nothing_can_be_written_nothing_comes_to_the_log_and_it_is_tried_all_the_same()
    {
        var (log, told, time) = (new RefusingLog(), new List<TwinEvent>(), new ManualTime());
        await using var watch = new LogWatch(log, told.Add, _ => { }, time);
        watch.Suspect();
        await watch.StepAsync(default);
        Assert.Equal((2, 0), (log.Tries, told.Count));
        log.Refusing.Add(1);
        // However often something fails, it is tried now and then.
        for (var second = 0; second < 5; second++)
        {
            watch.Suspect();
            await watch.StepAsync(default);
            Assert.Equal(2, log.Tries);
            time.Advance(LogWatch.Look);
        }
        watch.Suspect();
        await watch.StepAsync(default);
        Assert.Equal("the mesh's log cannot be written: log 1 is full", Assert.Single(told).Text);
    }

    [Fact]
    public async Task Where_no_row_can_be_written_it_is_shown_all_the_same()
    {
        var (records, time) = (new MemoryRecordStore(), new ManualTime());
        UnwrittenAlert? fires = new(AlertRule.LogUnwritable, "critical", AlertCause.Log, time.GetUtcNow());
        var book = new AlertBook(records, (_, _, _) => { }, time, _ => Task.FromResult<IReadOnlyList<UnwrittenAlert>>(fires is null ? [] : [fires]));
        var alert = Assert.Single(await book.ViewsAsync(default));
        Assert.Equal(("log-unwritable", "firing", "the mesh's log cannot be written"), (alert.Rule, alert.State, alert.Text));
        Assert.Equal(new AlertCounts(1, 0, 0), await book.CountAsync(default));
        fires = null;
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(await book.ViewsAsync(default));
    }

    private static Task AppendAsync(IMeshLog log) => log.AppendAsync([LogLines.OfMesh(new(DateTimeOffset.UnixEpoch, EventKind.Operator, "did something", "ada"))], default);
}
