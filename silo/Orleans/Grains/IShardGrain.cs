using TrustMesh.Orleans.Following;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Directory;
using TrustMesh.Wire;

namespace TrustMesh.Orleans.Grains;

/// <summary>
/// One part of the index over all devices (<see cref="Shards"/>): who they are, what they say about each other, when their verdicts run out. In
/// memory only: where it comes up anew it is rebuilt from the rows. Silos follow it by number. Key: the shard's number.
/// </summary>
[Alias("trustmesh.shard"), GrainInterfaceType("trustmesh.shard")]
public interface IShardGrain : IGrainWithIntegerKey
{
    /// <summary>Twins as they were saved, or edges as they were. Ends when the status list's writer has heard what it has to say of them.</summary>
    [Alias("publish")]
    Task PublishAsync(ShardItem[] items);

    /// <summary>A decision about the device is on its way: if nothing comes of it, the shard looks at the twin itself.</summary>
    [Alias("expect")]
    Task ExpectAsync(DeviceId device);

    /// <summary>
    /// The device as the shard knows it, once the list's writer was told of it once more and says that the list in force says it; null if the shard does
    /// not know it. For whoever sees that it does not.
    /// </summary>
    [Alias("settled")]
    Task<ShardItem?> SettledAsync(DeviceId device);

    /// <summary>The device as the shard knows it, or null.</summary>
    [Alias("find")]
    Task<DeviceEntry?> FindAsync(DeviceId device);

    /// <summary>Changes after that number; waits for some if there are none, for a while.</summary>
    [ResponseTimeout("00:00:30")]
    [Alias("follow")]
    Task<ShardNews> FollowAsync(long after);

    /// <summary>A page of the whole, by id.</summary>
    /// <param name="after">Id the page before ended with; null for the first.</param>
    [Alias("page")]
    Task<ShardItem[]> PageAsync(string? after, int most);

    /// <summary>
    /// A page of all devices by id: the active ones, and what the list has to say of everyone who is not active and of <paramref name="listed"/>. Where there are
    /// millions, all at once would be more than a message may have.
    /// </summary>
    /// <param name="after">What the page before ended with; null for the first.</param>
    /// <returns><c>Last</c>: what this page ends with; null after the last one.</returns>
    [Alias("roster"), ResponseTimeout("00:10:00")]
    Task<(DeviceEntry[] Active, StatusChange[] Changes, string? Last)> RosterAsync(DeviceId[] listed, string? after);
}
