using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Peers;
using TrustMesh.Trust.Records;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Revoking;

/// <summary>
/// How many devices are told to examine each, if only certain ones were left: the rings of <see cref="PeerAssignments"/> drawn anew from the same rows, so
/// that it is the same at every silo, whoever keeps the rings.
/// </summary>
/// <param name="peers">k of the policy in force.</param>
public sealed class RingForecast(IRecordStore store, Func<int> peers)
{
    /// <param name="left">Devices that stay; of these the active ones that said where they listen are on the rings.</param>
    public async Task<IReadOnlyDictionary<DeviceId, int>> ExaminersAsync(IEnumerable<DeviceEntry> left, CancellationToken cancellation)
    {
        var told = new Dictionary<DeviceId, int>();
        if (await PeerAssignments.StoredSeedAsync(store, cancellation) is not { } seed) return told;
        var reachable = await PeerAssignments.ReachableAsync(store, cancellation);
        var members = left.Where(entry => entry.Standing == Standing.Active && reachable.Contains(entry.Device)).ToList();
        var rings = new PeerRings(seed, peers(), members.Select(entry => (entry.Device, entry.Site)));
        foreach (var member in members) told[member.Device] = 0;
        foreach (var member in members)
            foreach (var peer in rings.PeersOf(member.Device)) told[peer]++;
        return told;
    }
}
