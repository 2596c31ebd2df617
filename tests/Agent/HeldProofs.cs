namespace TrustMesh.Tests.Agent;

/// <summary>A gate in front of a root's signatures, with a deadline.</summary>
public sealed class HeldProofs : IDisposable
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim open = new();

    /// <summary>A proof stands at the gate.</summary>
    public Task ReachedAsync() => reached.Task.WaitAsync(Eventually.Deadline);

    public void Release() => open.Set();

    public void Pass()
    {
        reached.TrySetResult();
        Assert.True(open.Wait(Eventually.Deadline), "the gate was never opened");
    }

    public void Dispose() => open.Set();
}
