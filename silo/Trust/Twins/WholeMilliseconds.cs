namespace TrustMesh.Trust.Twins;

/// <summary>Moments of twins are whole milliseconds: what is remembered is exactly what is stored.</summary>
public static class WholeMilliseconds
{
    public static DateTimeOffset GetUtcMillisecond(this TimeProvider time)
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.UtcTicks % TimeSpan.TicksPerMillisecond));
    }
}
