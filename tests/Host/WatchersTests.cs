using TrustMesh.Host.Device;
using TrustMesh.Tests.Trust;
using TrustMesh.Wire;

namespace TrustMesh.Tests.Host;

public sealed class WatchersTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly DeviceId One = DeviceId.FromRootKey([1]), Two = DeviceId.FromRootKey([2]);

    private readonly ManualTime time = new();

    [Fact]
    public async Task What_wakes_a_watch_before_it_waits_is_not_lost()
    {
        var watchers = new Watchers(time);
        var watch = watchers.Enter(One);
        watchers.WakeAll();
        await watch.NextAsync().WaitAsync(Deadline);
        var next = watch.NextAsync();
        Assert.False(next.IsCompleted);
        watchers.Wake(Two);
        Assert.False(next.IsCompleted);
        watchers.Wake(One);
        await next.WaitAsync(Deadline);
        Assert.False(watch.IsOver);
    }

    [Fact]
    public async Task A_newer_request_of_a_device_ends_the_older()
    {
        var watchers = new Watchers(time);
        var older = watchers.Enter(One);
        var waiting = older.NextAsync();
        var newer = watchers.Enter(One);
        await waiting.WaitAsync(Deadline);
        Assert.True(older.IsOver);
        Assert.False(newer.IsOver);
        watchers.Leave(One, older, gone: true);
        Assert.Equal(1, watchers.Waiting);
        Assert.True(watchers.Nudge(One, Two));
    }

    [Fact]
    public void A_wish_reaches_a_device_that_is_there_or_just_fetched_an_answer()
    {
        var watchers = new Watchers(time);
        Assert.False(watchers.Nudge(One, Two));
        var watch = watchers.Enter(One);
        Assert.True(watchers.Nudge(One, Two));
        Assert.True(watchers.Nudge(One, Two));
        Assert.Equal([Two], watchers.TakeNudges(One));
        Assert.Empty(watchers.TakeNudges(One));
        watchers.Leave(One, watch, gone: false);
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.True(watchers.Nudge(One, Two));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(watchers.Nudge(One, Two));
        watch = watchers.Enter(One);
        watchers.Leave(One, watch, gone: true);
        Assert.False(watchers.Nudge(One, Two));
    }

    [Fact]
    public void A42_Wishes_have_an_end()
    {
        var watchers = new Watchers(time);
        watchers.Enter(One);
        for (var i = 0; i < 1000; i++) watchers.Nudge(One, DeviceId.FromRootKey(BitConverter.GetBytes(i)));
        Assert.Equal(Caps.AssignedPeerCount, watchers.TakeNudges(One).Count);
    }

    [Fact]
    public async Task Devices_enter_while_others_are_swept_and_every_one_is_woken()
    {
        var watchers = new Watchers(time);
        using var stop = new CancellationTokenSource();
        var sweeping = Task.Run(() => { while (!stop.IsCancellationRequested) watchers.Sweep(); });
        for (var i = 0; i < 5_000; i++)
        {
            var watch = watchers.Enter(One);
            var waiting = watch.NextAsync();
            watchers.WakeAll();
            await waiting.WaitAsync(Deadline);
            watchers.Leave(One, watch, gone: true);
        }
        await stop.CancelAsync();
        await sweeping;
    }

    [Fact]
    public async Task Ten_thousand_wait_on_nothing_but_memory()
    {
        var watchers = new Watchers(time);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var waiting = Enumerable.Range(0, 10_000).Select(i => watchers.Enter(DeviceId.FromRootKey(BitConverter.GetBytes(i))).NextAsync()).ToList();
        // May be less than nothing: tests beside this one let go of what they had.
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(held <= 10_000 * 1_024, $"{held} bytes");
        Assert.Equal(0, time.Timers);
        watchers.WakeAll();
        await Task.WhenAll(waiting).WaitAsync(Deadline);
    }
}
