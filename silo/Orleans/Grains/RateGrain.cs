using TrustMesh.Orleans.Hosting;

namespace TrustMesh.Orleans.Grains;

/// <inheritdoc cref="IRateGrain"/>
/// <remarks>Forgotten when nobody asked for longer than anything takes to come back: so many keys are kept as asked within that time.</remarks>
[GrainType("rate"), KeepAlive]
public sealed class RateGrain(Idlers idlers, TimeProvider time) : Grain, IRateGrain
{
    private static readonly TimeSpan Stay = TimeSpan.FromMinutes(2);

    private double? left;
    private long last;

    public Task<bool> TryTakeAsync(int most, TimeSpan within)
    {
        idlers.Stay(GrainContext, Stay);
        var now = time.GetTimestamp();
        var tokens = left is { } some ? Math.Min(most, some + time.GetElapsedTime(last, now) / within * most) : most;
        (left, last) = (tokens >= 1 ? tokens - 1 : tokens, now);
        return Task.FromResult(tokens >= 1);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        idlers.Forget(GrainContext);
        return Task.CompletedTask;
    }
}
