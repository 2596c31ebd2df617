namespace TrustMesh.Host.Device;

/// <summary>One request of one device that waits for news. What wakes it while nobody waits is not lost. Thread-safe.</summary>
public sealed class Watch
{
    private readonly Lock gate = new();
    private TaskCompletionSource? waiting;
    private bool woken;
    private volatile bool over;

    /// <summary>Its time is up, a newer one took its place, or whoever asked is gone: it is answered with what there is.</summary>
    public bool IsOver => over;

    /// <summary>Ends at the next <see cref="Wake"/>, or at once if there was one since the last.</summary>
    public Task NextAsync()
    {
        lock (gate)
        {
            if (woken || over)
            {
                woken = false;
                return Task.CompletedTask;
            }
            waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return waiting.Task;
        }
    }

    public void Wake()
    {
        TaskCompletionSource? wake;
        lock (gate)
        {
            (wake, waiting) = (waiting, null);
            woken = wake is null;
        }
        wake?.SetResult();
    }

    public void End()
    {
        over = true;
        Wake();
    }
}
