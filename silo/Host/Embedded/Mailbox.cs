using TrustMesh.Trust.Twins;

namespace TrustMesh.Host.Embedded;

/// <summary>
/// One resident twin and the line in front of it: each call waits for the one before (a chain of tasks, nothing that runs while idle).
/// A closed mailbox takes no more calls; whoever finds one asks the directory again.
/// </summary>
internal sealed class Mailbox(DeviceTwin twin)
{
    private readonly Lock gate = new();
    private Task tail = Task.CompletedTask;
    private bool closed;

    /// <summary>Milliseconds of the environment's tick count.</summary>
    public long LastUsed { get; private set; }

    /// <summary>The call's task, or null if the mailbox is closed.</summary>
    public Task<T>? Post<T>(Func<DeviceTwin, Task<T>> call)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task before;
        lock (gate)
        {
            if (closed) return null;
            (before, tail) = (tail, mine.Task);
            LastUsed = Environment.TickCount64;
        }
        return RunAsync(before, mine, call);
    }

    /// <summary>Closes if nobody is in line.</summary>
    public bool TryClose()
    {
        lock (gate)
        {
            return closed = closed || tail.IsCompleted;
        }
    }

    private async Task<T> RunAsync<T>(Task before, TaskCompletionSource mine, Func<DeviceTwin, Task<T>> call)
    {
        // Tails end without a fault whatever the call did, so this waits and never throws.
        await before;
        try
        {
            return await call(twin);
        }
        finally
        {
            mine.SetResult();
        }
    }
}
