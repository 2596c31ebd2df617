using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Feed;

/// <summary>
/// What a page shows of the silo, read again whenever it is told that it changed: one request at a time; what changes meanwhile asks once more.
/// Belongs to one circuit, in whose synchronisation context everything here runs.
/// </summary>
/// <param name="changed">Runs after every answer and every failure.</param>
/// <param name="rest">Waited for after an answer, before the next request; none if null.</param>
public sealed class Latest<T>(Func<CancellationToken, Task<T>> read, Action changed, Func<CancellationToken, Task>? rest = null) : IDisposable
    where T : class
{
    private readonly CancellationTokenSource _end = new();
    private bool _loading;
    private bool _again;

    /// <summary>Null until the first answer.</summary>
    public T? Value { get; private set; }

    /// <summary>Why there is nothing to show, or why what is shown is no longer so.</summary>
    public SiloException? Problem { get; private set; }

    /// <summary>What is shown is from before: the silo did not answer the last time it was asked.</summary>
    public bool IsOld { get; private set; }

    /// <summary>Ends when all that was asked for is answered, or the request under way will be followed by another.</summary>
    public async Task LoadAsync()
    {
        if (_loading)
        {
            _again = true;
            return;
        }
        _loading = true;
        try
        {
            do
            {
                _again = false;
                var value = await read(_end.Token);
                // Whoever was disposed of while the answer was on its way has nobody left to show it to.
                _end.Token.ThrowIfCancellationRequested();
                (Value, Problem, IsOld) = (value, null, false);
                changed();
                if (rest is not null)
                    await rest(_end.Token);
            }
            while (_again);
        }
        catch (SiloException problem) when (!_end.IsCancellationRequested)
        {
            // What is shown stays while the silo is away, and is said to be old.
            IsOld = Value is not null && problem.Code == "unreachable";
            Problem = IsOld ? null : problem;
            changed();
        }
        catch (Exception late) when (_end.IsCancellationRequested && late is SiloException or OperationCanceledException)
        {
            // The page is left, or shows something else.
        }
        finally
        {
            _loading = false;
        }
    }

    public void Dispose() => _end.Cancel();
}
