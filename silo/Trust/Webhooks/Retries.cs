namespace TrustMesh.Trust.Webhooks;

/// <summary>When a message that did not arrive is tried again: eleven times in about a day, each a fifth earlier or later, so that those that failed together do not come back together.</summary>
public static class Retries
{
    private const double Spread = 0.2;
    private static readonly TimeSpan[] s_waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1),
        TimeSpan.FromHours(2), TimeSpan.FromHours(4), TimeSpan.FromHours(6), TimeSpan.FromHours(10),
    ];

    /// <summary>Null: given up.</summary>
    /// <param name="attempts">That failed, at least 1.</param>
    /// <param name="jitter">0..1.</param>
    public static TimeSpan? After(int attempts, double jitter) => attempts > s_waits.Length ? null : s_waits[attempts - 1] * (1 - Spread + 2 * Spread * jitter);
}
