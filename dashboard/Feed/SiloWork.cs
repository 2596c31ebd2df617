using TrustMesh.Dashboard.Sessions;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Feed;

/// <summary>What a page asks of the silo on a person's behalf: one thing at a time, with what went wrong kept for showing.</summary>
/// <param name="drawn">Called when there is something new to show.</param>
public sealed class SiloWork(SignedIn signedIn, Action drawn) : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _turn = new(1);
    private int _acts;

    /// <summary>An act goes on, or waits for its turn.</summary>
    public bool Busy => _acts > 0;

    /// <summary>Nothing is read and nothing done.</summary>
    public bool Idle => _turn.CurrentCount > 0;

    /// <summary>What the last thing failed with; null if it went well.</summary>
    public SiloException? Problem { get; private set; }

    /// <summary>Reads what the page shows. It keeps nobody from an act: one that is asked for meanwhile comes next. True if it was done.</summary>
    public Task<bool> LoadAsync(Func<SiloClient, CancellationToken, Task> read) => InTurnAsync(read, 0);

    /// <summary>An act. True if it was done.</summary>
    public Task<bool> TryAsync(Func<SiloClient, CancellationToken, Task> act)
    {
        _acts++;
        return InTurnAsync(act, 1);
    }

    private async Task<bool> InTurnAsync(Func<SiloClient, CancellationToken, Task> work, int acts)
    {
        await _turn.WaitAsync();
        // What went wrong before is not what goes on now.
        Problem = null;
        try
        {
            _end.Token.ThrowIfCancellationRequested();
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
            _turn.Release();
            _acts -= acts;
            if (!_end.IsCancellationRequested)
                drawn();
        }
    }

    public void Dispose() => _end.Cancel();
}
