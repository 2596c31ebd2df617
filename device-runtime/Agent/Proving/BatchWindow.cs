namespace TrustMesh.Agent.Proving;

/// <summary>
/// How long a batch that nobody waited for is held open for more questions: a quarter of what signing takes (an exponential mean), at most 50 ms.
/// A root that signs in no time gains nothing from waiting, and a batch that follows another has had that one's signing time to fill.
/// </summary>
internal sealed class BatchWindow
{
    public static readonly TimeSpan Most = TimeSpan.FromMilliseconds(50), Worthwhile = TimeSpan.FromMilliseconds(1);

    private const double Weight = 0.25;
    private TimeSpan? signing;

    /// <summary>Zero before the first measurement.</summary>
    public TimeSpan Length
    {
        get
        {
            var quarter = (signing ?? TimeSpan.Zero) / 4;
            return quarter < Worthwhile ? TimeSpan.Zero : quarter < Most ? quarter : Most;
        }
    }

    public void Signed(TimeSpan took) => signing = signing is { } before ? before + (took - before) * Weight : took;
}
