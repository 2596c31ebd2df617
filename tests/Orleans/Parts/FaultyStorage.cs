using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace TrustMesh.Tests.Orleans.Parts;

/// <summary>
/// Another storage with faults: the next write of a kind fails before it was written or after. Names of states begin with something of its own, so
/// that tests share a server and no row.
/// </summary>
internal sealed class FaultyStorage(IGrainStorage inner, string prefix) : IGrainStorage
{
    private int reads, writes;

    /// <summary>The kind of row whose next write or clear fails; null for none.</summary>
    public string? Fails { get; set; }

    /// <summary>Whether it fails after it was done.</summary>
    public bool Persisted { get; set; }

    /// <summary>So many writes of that kind still work.</summary>
    public int After { get; set; }

    /// <summary>Runs once before the next write of the kind.</summary>
    public (string Kind, Func<Task> Act)? Meanwhile { get; set; }

    /// <summary>Runs once after the next read of the kind.</summary>
    public (string Kind, Func<Task> Act)? AfterRead { get; set; }

    /// <summary>Each write is sent a second time, as a client does that did not hear the answer.</summary>
    public bool Twice { get; set; }

    /// <summary>What the names of states begin with.</summary>
    public string Prefix => prefix;

    public int Reads => reads;

    public int Writes => writes;

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Interlocked.Increment(ref reads);
        await inner.ReadStateAsync(prefix + stateName, grainId, grainState);
        if (AfterRead is not { } then || then.Kind != grainId.Type.ToString()) return;
        AfterRead = null;
        await then.Act();
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => RunAsync(grainId, async () =>
    {
        if (Twice) await inner.WriteStateAsync(prefix + stateName, grainId, new GrainState<T>(grainState.State, grainState.ETag));
        await inner.WriteStateAsync(prefix + stateName, grainId, grainState);
    });

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => RunAsync(grainId, () => inner.ClearStateAsync(prefix + stateName, grainId, grainState));

    private async Task RunAsync(GrainId grainId, Func<Task> write)
    {
        Interlocked.Increment(ref writes);
        if (Meanwhile is { } meanwhile && meanwhile.Kind == grainId.Type.ToString())
        {
            Meanwhile = null;
            await meanwhile.Act();
        }
        if (Fails != grainId.Type.ToString() || After-- > 0)
        {
            await write();
            return;
        }
        Fails = null;
        if (Persisted) await write();
        throw new TimeoutException("the network swallowed it");
    }
}
