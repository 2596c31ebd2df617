using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace TrustMesh.Orleans.Hosting;

/// <summary>Who is in the cluster: as its table says, and where Redis does not answer, as this silo knows it. Thread-safe.</summary>
internal sealed class ClusterMembers(IGrainFactory grains, IClusterMembershipService known, ILogger log, TimeProvider time)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(2);

    private int away;

    public async Task<IReadOnlyList<MembershipEntry>> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            var table = await grains.GetGrain<IManagementGrain>(0).GetDetailedHosts(false, cancellation).WaitAsync(Within, time, cancellation);
            if (Interlocked.Exchange(ref away, 0) == 1) log.MembersAgain();
            return table;
        }
        catch (Exception failed) when (failed is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            // Whatever Redis or the silo between says: the list is wanted most when something is away.
            if (Interlocked.Exchange(ref away, 1) == 0) log.MembersAway(failed.Message.Split('\n')[0]);
            return [.. known.CurrentSnapshot.Members.Values.Select(Entry)];
        }
    }

    private MembershipEntry Entry(ClusterMember member) => new()
    {
        SiloAddress = member.SiloAddress, SiloName = member.Name, Status = member.Status, IAmAliveTime = time.GetUtcNow().UtcDateTime,
        // The number of a start is its second.
        StartTime = Epoch.AddSeconds(member.SiloAddress.Generation),
    };

    private static DateTime Epoch { get; } = new(2022, 1, 1, 0, 0, 0, DateTimeKind.Utc);
}
