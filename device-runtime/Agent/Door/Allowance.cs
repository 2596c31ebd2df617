namespace TrustMesh.Agent.Door;

/// <summary>So many at once, and then so many a second (attack A42). Thread-safe.</summary>
internal sealed class Allowance(int burst, double perSecond, TimeProvider time)
{
    private readonly Lock gate = new();
    private double left = burst;
    private long counted = time.GetTimestamp();

    /// <summary>True if one more may pass now; else <paramref name="wait"/> says when the next may.</summary>
    public bool Take(out TimeSpan wait)
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            left = Math.Min(burst, left + time.GetElapsedTime(counted, now).TotalSeconds * perSecond);
            counted = now;
            wait = TimeSpan.Zero;
            if (left < 1)
            {
                wait = TimeSpan.FromSeconds((1 - left) / perSecond);
                return false;
            }
            left--;
            return true;
        }
    }
}
