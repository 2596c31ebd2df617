using Microsoft.Extensions.Logging;
using TrustMesh.Wire;

namespace TrustMesh.Orleans.Hosting;

/// <summary>What a silo says of its cluster. Arguments are ids, addresses and reasons; never a secret, a key or a token (attack A47).</summary>
internal static partial class ClusterLog
{
    [LoggerMessage(101, LogLevel.Error, "The stored state of device {device} is unreadable and isolated: {why}")]
    public static partial void Unreadable(this ILogger logger, DeviceId device, string why);

    [LoggerMessage(102, LogLevel.Error, "The stored verdicts of device {device} on its peers are unreadable and isolated: {why}. Restore the row from a backup, or delete it to take its verdicts anew.")]
    public static partial void UnreadableVerdicts(this ILogger logger, string device, string why);

    [LoggerMessage(103, LogLevel.Warning, "The verdict of device {device} expired and could not be noted: {why}")]
    public static partial void ExpiryFailed(this ILogger logger, DeviceId device, string why);

    [LoggerMessage(104, LogLevel.Error, "The status list could not be written and is tried again: {why}")]
    public static partial void StatusListFailed(this ILogger logger, string why);

    [LoggerMessage(105, LogLevel.Warning, "Shard {shard} tries again what did not work: {why}")]
    public static partial void ShardBehind(this ILogger logger, int shard, string why);

    [LoggerMessage(106, LogLevel.Warning, "{count} proofs wait for the index and are told it again: {why}")]
    public static partial void IndexBehind(this ILogger logger, int count, string why);

    [LoggerMessage(107, LogLevel.Warning, "{what} cannot be followed, and is asked again: {why}")]
    public static partial void FollowingFailed(this ILogger logger, string what, string why);

    [LoggerMessage(108, LogLevel.Information, "{what} is followed again")]
    public static partial void FollowingAgain(this ILogger logger, string what);

    [LoggerMessage(109, LogLevel.Critical, "The cluster goes on without this silo: {why} It stops; start it again.")]
    public static partial void PutOut(this ILogger logger, string why);

    [LoggerMessage(110, LogLevel.Information, "Silo {name} joins the cluster of mesh {mesh} at {address}")]
    public static partial void Joining(this ILogger logger, string name, string mesh, string address);

    [LoggerMessage(111, LogLevel.Warning, "{what} could not be told to the other silos: {why}")]
    public static partial void Untold(this ILogger logger, string what, string why);

    [LoggerMessage(113, LogLevel.Warning, "The table of silos cannot be read ({why}): see whether the Redis of --cluster is there. Who is in the cluster stays in and works; nobody joins meanwhile, and a silo that dies is not noticed.")]
    public static partial void MembersAway(this ILogger logger, string why);

    [LoggerMessage(114, LogLevel.Information, "The table of silos can be read again")]
    public static partial void MembersAgain(this ILogger logger);

    [LoggerMessage(115, LogLevel.Warning, "Somebody who is no silo of this mesh tried to connect to --silo-listen and was refused; its certificate: {certificate}")]
    public static partial void Stranger(this ILogger logger, string certificate);

    [LoggerMessage(112, LogLevel.Error, "A line waits for the mesh's log and is tried again: {why}")]
    public static partial void LogFailed(this ILogger logger, string why);
}
