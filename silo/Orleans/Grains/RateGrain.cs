namespace TrustMesh.Orleans.Grains;

/// <inheritdoc cref="IRateGrain"/>
[CollectionAgeLimit(Minutes = 2)]
public sealed class RateGrain(TimeProvider time) : Grain, IRateGrain
{
    private double? left;
    private long last;

    public Task<bool> TryTakeAsync(int perSecond)
    {
        var now = time.GetTimestamp();
        var most = 2.0 * perSecond;
        var tokens = left is { } some ? Math.Min(most, some + time.GetElapsedTime(last, now).TotalSeconds * perSecond) : most;
        (left, last) = (tokens >= 1 ? tokens - 1 : tokens, now);
        return Task.FromResult(tokens >= 1);
    }
}
