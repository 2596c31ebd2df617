using System.Diagnostics;

namespace TrustMesh.Tests.Agent;

/// <summary>Waits for something other threads or processes do, with a deadline that is generous and never part of the claim.</summary>
public static class Eventually
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? deadline = null) => TrueAsync(() => Task.FromResult(condition()), what, deadline);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? deadline = null)
    {
        var watch = Stopwatch.StartNew();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await condition())
        {
            if (watch.Elapsed > (deadline ?? Deadline)) Assert.Fail($"waited {watch.Elapsed.TotalSeconds:0} s for {what}");
            await tick.WaitForNextTickAsync();
        }
    }
}
