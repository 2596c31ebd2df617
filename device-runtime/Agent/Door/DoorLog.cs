using Microsoft.Extensions.Logging;

namespace TrustMesh.Agent.Door;

/// <summary>What the door says to the journal.</summary>
internal static partial class DoorLog
{
    [LoggerMessage(70, LogLevel.Information, "Applications may ask at {Path}.")]
    public static partial void DoorOpen(this ILogger log, string path);

    [LoggerMessage(71, LogLevel.Warning, "An application of user {User} read too slowly and was cut.")]
    public static partial void SlowReader(this ILogger log, uint user);

    [LoggerMessage(72, LogLevel.Warning, "An application of user {User} was turned away: {Reason}")]
    public static partial void TurnedAway(this ILogger log, uint user, string reason);

    [LoggerMessage(73, LogLevel.Warning, "Taking a connection of an application failed: {Problem}")]
    public static partial void AcceptFailed(this ILogger log, string problem);

    [LoggerMessage(74, LogLevel.Information, "An application of user {User} has {Host} examined.")]
    public static partial void Examines(this ILogger log, uint user, string host);

    [LoggerMessage(75, LogLevel.Warning, "The examination of {Host} that an application asked for failed: {Problem}")]
    public static partial void ExaminationFailed(this ILogger log, string host, string problem);

    [LoggerMessage(76, LogLevel.Error, "A connection of an application ended by a mistake in this agent: {Problem}")]
    public static partial void ConnectionFailed(this ILogger log, string problem);
}
