namespace TrustMesh.Dashboard.Silo;

/// <summary>What the dashboard logs about its silo: codes, never tokens or bodies (A47).</summary>
internal static partial class SiloLog
{
    [LoggerMessage(1, LogLevel.Warning, "The silo did not end a session that signed out: {Code}. It ends by its own clock.")]
    public static partial void SessionNotEnded(ILogger logger, string code);

    [LoggerMessage(2, LogLevel.Warning, "The live feed of a user was cut: {Code}. Trying again in {Seconds} s.")]
    public static partial void FeedCut(ILogger logger, string code, int seconds);

    [LoggerMessage(3, LogLevel.Warning, "A sign-in at the OpenID provider failed: {Why}")]
    public static partial void ProviderFailed(ILogger logger, string why);

    [LoggerMessage(5, LogLevel.Error, "A page failed, and whoever looked at it was shown the trace id {TraceId}: {Kind}")]
    public static partial void PageFailed(ILogger logger, string traceId, string kind);

    [LoggerMessage(4, LogLevel.Warning, "A logout by the OpenID provider was not carried out: {Code}. The silo's log says more.")]
    public static partial void ProviderLogoutFailed(ILogger logger, string code);
}
