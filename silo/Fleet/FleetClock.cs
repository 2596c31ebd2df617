namespace TrustMesh.Fleet;

/// <summary>A clock that can be behind: while the fleet is made, every proof gets an age of its own. Nothing that is served runs by it.</summary>
internal sealed class FleetClock : TimeProvider
{
    private long behind;

    /// <summary>May only shrink: time never goes back.</summary>
    public TimeSpan Behind
    {
        get => new(Interlocked.Read(ref behind));
        set => Interlocked.Exchange(ref behind, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - Behind;
}
