using Microsoft.Extensions.Logging;

namespace TrustMesh.Agent.Peers;

/// <summary>What the log says of peers. The reason of a refusal is here and nowhere else: outside, every refusal is the same.</summary>
internal static partial class PeerLog
{
    [LoggerMessage(101, LogLevel.Information, "Listening for peers at {Address}.")]
    public static partial void Listening(this ILogger log, string address);

    [LoggerMessage(102, LogLevel.Information, "{Peer} is {Status}, until {Until:HH:mm:ss}Z: {Because}")]
    public static partial void Judged(this ILogger log, string peer, string status, DateTimeOffset until, string because);

    [LoggerMessage(103, LogLevel.Warning, "{Peer} is {Status}: {Because}")]
    public static partial void JudgedBad(this ILogger log, string peer, string status, string because);

    [LoggerMessage(104, LogLevel.Warning, "Refused {Peer} at {Address}: {Reason}{Again}")]
    public static partial void Refused(this ILogger log, string peer, string address, string reason, string again);

    [LoggerMessage(105, LogLevel.Information, "{Peer} gives no answer: {Reason}{Again}")]
    public static partial void NoAnswer(this ILogger log, string peer, string reason, string again = "");

    [LoggerMessage(106, LogLevel.Critical, "ALARM: {Peer}: {Check}: expected {Expected}, got {Got}. Look at that device, revoke it, and enrol it anew.")]
    public static partial void Alarm(this ILogger log, string peer, string check, string expected, string got);

    [LoggerMessage(109, LogLevel.Debug, "{Address} is turned away: too many connections.")]
    public static partial void TurnedAway(this ILogger log, string address);

    [LoggerMessage(110, LogLevel.Warning, "A statement of {Peer} was not taken: {Problem}{Again}")]
    public static partial void NotTaken(this ILogger log, string peer, string problem, string again);

    [LoggerMessage(111, LogLevel.Error, "Peers can not be examined now: {Problem}")]
    public static partial void Failed(this ILogger log, string problem);

    [LoggerMessage(112, LogLevel.Debug, "{Peer}: {Status} again, until {Until:HH:mm:ss}Z.")]
    public static partial void JudgedAgain(this ILogger log, string peer, string status, DateTimeOffset until);

    [LoggerMessage(113, LogLevel.Debug, "A connection came to nothing: {Problem}")]
    public static partial void NoTls(this ILogger log, string problem);
}
