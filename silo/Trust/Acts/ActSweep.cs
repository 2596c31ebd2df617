using System.Data.Common;
using TrustMesh.Trust.Records;

namespace TrustMesh.Trust.Acts;

/// <summary>Finishes acts that were left under way: at the start, and every few seconds from then on.</summary>
/// <param name="follow">Reads what a finished act changed.</param>
/// <param name="left">Told why an act has to wait.</param>
/// <param name="stopping">Ends it.</param>
public sealed class ActSweep(ActStore acts, Func<CancellationToken, Task> follow, Action<string> left, TimeProvider time, CancellationToken stopping) : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private ITimer? timer;

    /// <summary>Once, before anything is read that an act may change.</summary>
    public Task BeginAsync() => RunAsync(_ => Task.CompletedTask);

    public void Start() => timer = time.CreateTimer(_ => _ = RunAsync(follow), null, Every, Every);

    public ValueTask DisposeAsync() => timer?.DisposeAsync() ?? default;

    private async Task RunAsync(Func<CancellationToken, Task> finished)
    {
        try
        {
            if (await acts.SweepAsync(stopping) > 0) await finished(stopping);
        }
        catch (AggregateException several)
        {
            foreach (var trouble in several.InnerExceptions) left(trouble.Message);
        }
        catch (Exception failed) when (failed is IOException or StaleRecordException or DbException)
        {
            left(failed.Message);
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
        {
            // The silo stops.
        }
    }
}
