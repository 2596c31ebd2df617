using TrustMesh.Trust.Feed;

namespace TrustMesh.Tests.Trust;

public sealed class FeedRingTests
{
    private const long Start = (1L << 50) + 7;

    private readonly FeedRing<long> ring = new(4, Start);

    [Fact]
    public void Gives_what_came_after_a_number()
    {
        var start = ring.Last;
        for (var i = 0; i < 3; i++) ring.Append(number => number);
        Assert.Equal([start + 1, start + 2, start + 3], ring.After(start)!);
        Assert.Equal([start + 3], ring.After(start + 2)!);
        Assert.Empty(ring.After(start + 3)!);
    }

    [Fact]
    public void Says_so_when_something_is_gone()
    {
        var start = ring.Last;
        for (var i = 0; i < 5; i++) ring.Append(number => number);
        Assert.Null(ring.After(start));
        Assert.Equal(4, ring.After(start + 1)!.Count);
    }

    [Fact]
    public void Numbers_it_never_gave_are_a_gap()
    {
        Assert.Null(ring.After(ring.Last + 1));
        Assert.Null(ring.After(0));
        Assert.Null(ring.After(Start - 1));
        Assert.Empty(ring.After(Start)!);
    }

    [Fact]
    public async Task A_reader_that_waits_is_woken()
    {
        var start = ring.Last;
        var waiting = ring.WaitAsync(start, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        ring.Append(number => number);
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(ring.WaitAsync(start, CancellationToken.None).IsCompleted);
    }
}
