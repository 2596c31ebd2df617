using System.Collections.Concurrent;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Tests.Trust;

/// <summary>The contract of <see cref="ITwinStore"/> in a dictionary; it runs the same conformance suite as SQLite.</summary>
public sealed class InMemoryTwinStore : ITwinStore
{
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<DeviceId, StoredTwin> rows = new();
    private readonly Dictionary<DeviceId, ReadOnlyMemory<byte>> proofs = [];
    private readonly Dictionary<DeviceId, (uint Boot, List<ReadOnlyMemory<byte>> Entries)> logs = [];

    public Task<StoredTwin?> LoadAsync(DeviceId device, CancellationToken cancellation) => Task.FromResult(rows.GetValueOrDefault(device));

    public async IAsyncEnumerable<StoredTwin> LoadAllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var row in rows.Values)
        {
            await Task.Yield();
            yield return row;
        }
    }

    public Task<StoredProof?> LoadProofAsync(DeviceId device, CancellationToken cancellation)
    {
        lock (gate)
            return Task.FromResult(proofs.TryGetValue(device, out var proof) ? new StoredProof(proof, logs.TryGetValue(device, out var log) ? [.. log.Entries] : []) : null);
    }

    public Task SaveAsync(TwinWrite write, CancellationToken cancellation)
    {
        lock (gate)
        {
            if ((rows.GetValueOrDefault(write.Device)?.Version ?? 0) != write.Expected) return Task.FromException(new StaleTwinException(write.Device, write.Expected));
            rows[write.Device] = new(write.Device, write.Expected + 1, write.State.ToArray(), write.Unlogged.ToArray());
            if (write.Proof is { } proof) proofs[write.Device] = proof.ToArray();
            if (write.Log is { } append)
            {
                var kept = logs.TryGetValue(write.Device, out var log) && log.Boot == append.Boot ? log.Entries.Take(append.From) : [];
                logs[write.Device] = (append.Boot, [.. kept, .. append.Entries]);
            }
            return Task.CompletedTask;
        }
    }

    public Task LoggedAsync(DeviceId device, long version, CancellationToken cancellation)
    {
        lock (gate)
            if (rows.TryGetValue(device, out var row) && row.Version == version) rows[device] = row with { Unlogged = default };
        return Task.CompletedTask;
    }
}
