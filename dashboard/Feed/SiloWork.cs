using TrustMesh.Dashboard.Sessions;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Feed;

/// <summary>What a page asks of the silo on a person's behalf: one thing at a time, with what went wrong kept for showing.</summary>
/// <param name="drawn">Called when there is something new to show.</param>
public sealed class SiloWork(SignedIn signedIn, Action drawn) : IDisposable
{
    private readonly CancellationTokenSource _end = new();

    public bool Busy { get; private set; }

    /// <summary>What the last thing failed with; null if it went well.</summary>
    public SiloException? Problem { get; private set; }

    /// <summary>True if it was done.</summary>
    public async Task<bool> TryAsync(Func<SiloClient, CancellationToken, Task> work)
    {
        // What went wrong before is not what goes on now.
        (Busy, Problem) = (true, null);
        try
        {
            await work(await signedIn.SiloAsync(), _end.Token);
            return true;
        }
        catch (SiloException problem)
        {
            Problem = problem;
            return false;
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            Busy = false;
            if (!_end.IsCancellationRequested)
                drawn();
        }
    }

    public void Dispose() => _end.Cancel();
}
