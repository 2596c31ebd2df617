using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace TrustMesh.Tests.Orleans.Parts;

/// <summary>A storage without rows that answers when it is let, and knows how many asked it at once.</summary>
internal sealed class CrowdedStorage : IGrainStorage
{
    private readonly TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private int asking, most, fails;

    /// <summary>So many of the first questions are not answered.</summary>
    public int Fails
    {
        init => fails = value;
    }

    /// <summary>The most that waited for an answer at once.</summary>
    public int Most
    {
        get { lock (gate) return most; }
    }

    public void Answer() => open.SetResult();

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (gate) most = Math.Max(most, ++asking);
        bool lost;
        lock (gate) lost = fails-- > 0;
        await open.Task;
        lock (gate) asking--;
        if (lost) throw new TimeoutException("the network swallowed it");
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException("It is only read.");

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException("It is only read.");
}
