using TrustMesh.Agent.Life;

namespace TrustMesh.Agent.Peers;

/// <summary>When the next examination of a peer is due; pure.</summary>
public static class PeerTiming
{
    /// <summary>The interval while no policy says so.</summary>
    public static readonly TimeSpan Unruled = TimeSpan.FromSeconds(30);

    /// <summary>Between two examinations by a device that is revoked or suspended itself: a newer status list wakes it sooner.</summary>
    public static readonly TimeSpan PutOut = TimeSpan.FromMinutes(5);

    /// <summary>Newer statements reach a whole mesh in one moment; it examines itself by them over this time, so that enforcing them comes first.</summary>
    public static readonly TimeSpan Spread = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(200);

    /// <summary>After a verdict: 90 to 100 % of the policy's interval, but never later than at 70 % of what the verdict has left.</summary>
    /// <param name="draw">0 ≤ draw &lt; 1.</param>
    public static DateTimeOffset AfterVerdict(DateTimeOffset now, TimeSpan interval, DateTimeOffset expiresAt, double draw)
    {
        var wait = interval * (0.9 + draw / 10);
        var left = (expiresAt - now) * 0.7;
        if (left > TimeSpan.Zero && left < wait) wait = left;
        return now + (wait < Least ? Least : wait);
    }

    /// <summary>After an examination without an answer: backed off with jitter, and not slower than the interval would be.</summary>
    public static DateTimeOffset AfterFailure(DateTimeOffset now, TimeSpan interval, int failures, double draw)
    {
        var wait = Backoff.Delay(failures, draw);
        var most = interval > Backoff.First ? interval : Backoff.First;
        return now + (wait < most ? wait : most * (0.9 + draw / 10));
    }
}
