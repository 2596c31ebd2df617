using TrustMesh.Trust.Alerts;

namespace TrustMesh.Tests.Trust.Alerts;

public class AlertLeaseTests
{
    private readonly ManualTime time = new();
    private readonly MemoryRecordStore store = new();

    [Fact]
    public async Task One_silo_holds_it_and_another_takes_over_when_it_falls_silent()
    {
        var (one, other) = (new AlertLease(store, "one", time), new AlertLease(store, "other", time));
        Assert.True(await one.HoldAsync(default));
        Assert.False(await other.HoldAsync(default));
        for (var i = 0; i < 10; i++)
        {
            time.Advance(TimeSpan.FromSeconds(6));
            Assert.True(await one.HoldAsync(default));
            Assert.False(await other.HoldAsync(default));
        }
        // From here on the first is paused.
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.False(one.IsHeld);
        Assert.False(await other.HoldAsync(default));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(await other.HoldAsync(default));
        Assert.False(await one.HoldAsync(default));
    }

    [Fact]
    public async Task Two_that_want_it_at_the_same_moment_do_not_both_get_it()
    {
        var faulty = new FaultyRecordStore(store);
        var (one, other) = (new AlertLease(faulty, "one", time), new AlertLease(store, "other", time));
        faulty.Meanwhile = () => other.HoldAsync(default);
        Assert.False(await one.HoldAsync(default));
        Assert.True(other.IsHeld);
    }

    [Fact]
    public async Task A_silo_that_stops_gives_it_back_and_one_that_starts_again_takes_its_own()
    {
        var one = new AlertLease(store, "one", time);
        await one.HoldAsync(default);
        Assert.True(await new AlertLease(store, "one", time).HoldAsync(default));
        await one.ReleaseAsync();
        var again = new AlertLease(store, "one", time);
        await again.HoldAsync(default);
        await again.ReleaseAsync();
        Assert.True(await new AlertLease(store, "other", time).HoldAsync(default));
    }

    [Fact]
    public async Task A_write_that_failed_and_was_made_is_ones_own()
    {
        var faulty = new FaultyRecordStore(store);
        var one = new AlertLease(faulty, "one", time);
        faulty.Fail(1, afterWriting: true);
        await Assert.ThrowsAsync<IOException>(() => one.HoldAsync(default));
        Assert.True(await one.HoldAsync(default));
    }
}
