using TrustMesh.Trust.Log;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Trust.Alerts;

/// <summary>
/// Tries a log that takes no lines until it does, and tells the feeds of all silos of both: the alert about it is a row, and where no rows can be written there is none. At every silo,
/// as each finds out for itself.
/// </summary>
/// <param name="log">Null trouble: nobody looks.</param>
/// <param name="tell">For the feeds; it needs no storage.</param>
/// <param name="heard">Told what is told, for the silo's own log.</param>
public sealed class LogWatch(IMeshLog log, Action<TwinEvent> tell, Action<string> heard, TimeProvider time) : IAsyncDisposable
{
    public static readonly TimeSpan Look = TimeSpan.FromSeconds(1), Again = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource end = new();
    private Task running = Task.CompletedTask;
    private DateTimeOffset? since;
    private long triedAt;
    private int suspected;

    public void Start() => running = Task.Run(RunAsync);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await running;
        end.Dispose();
    }

    /// <summary>
    /// Something else could not be written: where nothing can be, nothing is decided, and so nothing comes to the log that it could refuse. It is tried then, once in a while.
    /// </summary>
    public void Suspect() => Interlocked.Exchange(ref suspected, 1);

    /// <summary>Looks once.</summary>
    public async Task StepAsync(CancellationToken cancellation)
    {
        if (log.Trouble is not { } trouble) return;
        if (since is null && trouble.Now is null && (triedAt == 0 || time.GetElapsedTime(triedAt) >= Again) && Interlocked.Exchange(ref suspected, 0) == 1)
        {
            triedAt = time.GetTimestamp();
            await trouble.TryAsync(all: true, cancellation);
        }
        if (trouble.Now is { } now)
        {
            if (since is null)
            {
                (since, triedAt) = (now.Since, time.GetTimestamp());
                Tell($"the mesh's log cannot be written: {now.Why}");
            }
            else if (time.GetElapsedTime(triedAt) >= Again)
            {
                triedAt = time.GetTimestamp();
                await trouble.TryAsync(all: false, cancellation);
            }
        }
        if (since is { } began && trouble.Now is null)
        {
            since = null;
            Tell($"the mesh's log can be written again, after {(time.GetUtcNow() - began).TotalSeconds:0} s");
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await LookAsync();
                await Task.Delay(Look, time, end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The silo stops.
            return;
        }
    }

    private async Task LookAsync()
    {
        try
        {
            await StepAsync(end.Token);
        }
        catch (Exception broken) when (broken is not OperationCanceledException)
        {
            // Nothing that a log answers ends the looking.
            heard(broken.Message);
        }
    }

    private void Tell(string what)
    {
        heard(what);
        tell(new(time.GetUtcNow(), EventKind.Alert, Grammar.Fit(what), TwinEvent.Alerts));
    }
}
