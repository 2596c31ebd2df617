namespace TrustMesh.Orleans.Grains;

/// <inheritdoc cref="IRateGrain"/>
/// <remarks>Forgotten when nobody asked for longer than anything takes to come back: so many keys are kept as asked within that time.</remarks>
[GrainType("rate"), CollectionAgeLimit(Minutes = 2)]
public sealed class RateGrain(TimeProvider time) : Grain, IRateGrain
{
    private double? left;
    private long last;

    public Task<bool> TryTakeAsync(int most, TimeSpan within)
    {
        var now = time.GetTimestamp();
        var tokens = left is { } some ? Math.Min(most, some + time.GetElapsedTime(last, now) / within * most) : most;
        (left, last) = (tokens >= 1 ? tokens - 1 : tokens, now);
        return Task.FromResult(tokens >= 1);
    }
}
