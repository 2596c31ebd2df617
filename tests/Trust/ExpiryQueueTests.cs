using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Tests.Trust;

public sealed class ExpiryQueueTests
{
    private static readonly DeviceId A = DeviceId.FromRootKey([1]), B = DeviceId.FromRootKey([2]);
    private readonly ManualTime time = new();
    private readonly List<(DeviceId Device, DateTimeOffset At)> woken = [];

    [Fact]
    public void Wakes_each_device_at_its_time_with_one_timer()
    {
        using var queue = NewQueue();
        var start = time.GetUtcNow();
        queue.Set(A, start.AddSeconds(60));
        queue.Set(B, start.AddSeconds(30));
        Assert.Equal(1, time.Timers);
        time.Advance(TimeSpan.FromSeconds(29.9));
        Assert.Empty(woken);
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal([B, A], woken.Select(wake => wake.Device));
        Assert.All(woken, wake => Assert.True(wake.At - start < TimeSpan.FromSeconds(wake.Device == A ? 60.01 : 30.01)));
    }

    [Fact]
    public void A_device_that_keeps_proving_itself_is_never_woken()
    {
        using var queue = NewQueue();
        for (var i = 0; i < 100; i++)
        {
            queue.Set(A, time.GetUtcNow().AddSeconds(60));
            time.Advance(TimeSpan.FromSeconds(20));
        }
        Assert.Empty(woken);
        time.Advance(TimeSpan.FromSeconds(41));
        Assert.Single(woken);
    }

    [Fact]
    public void An_earlier_time_counts_at_once()
    {
        using var queue = NewQueue();
        queue.Set(A, time.GetUtcNow().AddSeconds(600));
        queue.Set(A, time.GetUtcNow().AddSeconds(5));
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Single(woken);
        time.Advance(TimeSpan.FromSeconds(1000));
        Assert.Single(woken);
    }

    [Fact]
    public void A_device_taken_out_is_not_woken()
    {
        using var queue = NewQueue();
        queue.Set(A, time.GetUtcNow().AddSeconds(5));
        queue.Set(A, null);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(woken);
    }

    private ExpiryQueue NewQueue() => new(device => woken.Add((device, time.GetUtcNow())), time);
}
