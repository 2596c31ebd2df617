namespace TrustMesh.Tests.Host;

/// <summary>The real clock, on which one certain wait is over at once.</summary>
public sealed class HurriedTime(TimeSpan wait) : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        => System.CreateTimer(callback, state, dueTime == wait ? TimeSpan.FromMilliseconds(1) : dueTime, period);
}
