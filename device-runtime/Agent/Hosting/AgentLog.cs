using Microsoft.Extensions.Logging;

namespace TrustMesh.Agent.Hosting;

/// <summary>
/// Everything the agent says to the journal, in one place, so that a reader can see that no line takes a secret (attack A47). Texts from outside
/// pass <see cref="Journal"/>, which leaves no control character in them (attack A44).
/// </summary>
internal static partial class AgentLog
{
    [LoggerMessage(1, LogLevel.Information, "Started as {Name} with {Root}; configuration {File}.")]
    public static partial void Started(this ILogger log, string name, string root, string file);

    [LoggerMessage(2, LogLevel.Information, "Device {Device}, boot {Boot}; measurement log: {State}, {Entries} entries, {Files} measured names.")]
    public static partial void TookUp(this ILogger log, string device, uint boot, string state, int entries, int files);

    [LoggerMessage(3, LogLevel.Error, "The measurement register holds something the log does not explain. Nothing is repaired: evidence will fail until the next reboot. Somebody else extended the register, or the state directory was restored from a copy.")]
    public static partial void RegisterDiffers(this ILogger log);

    [LoggerMessage(4, LogLevel.Warning, "{Bytes} bytes of a torn last record were dropped from the measurement log; they had not been extended.")]
    public static partial void LogWasTorn(this ILogger log, long bytes);

    [LoggerMessage(5, LogLevel.Information, "{Phase}: {Reason}")]
    public static partial void Now(this ILogger log, string phase, string reason);

    [LoggerMessage(6, LogLevel.Warning, "{Phase}: {Reason}")]
    public static partial void NowTrouble(this ILogger log, string phase, string reason);

    [LoggerMessage(7, LogLevel.Error, "Measuring failed and is tried again; no evidence is sent until it succeeds: {Problem}")]
    public static partial void MeasuringFailed(this ILogger log, string problem);

    [LoggerMessage(8, LogLevel.Warning, "{Count} directories can not be watched (fs.inotify.max_user_watches?); changes there are found by reading everything every {Minutes} minutes.")]
    public static partial void Unwatched(this ILogger log, int count, int minutes);

    [LoggerMessage(9, LogLevel.Warning, "{Name} is measured as: {Text}.")]
    public static partial void NotAPlainFile(this ILogger log, string name, string text);

    [LoggerMessage(10, LogLevel.Information, "Measured {Entries} changes.")]
    public static partial void Measured(this ILogger log, int entries);

    [LoggerMessage(11, LogLevel.Error, "The measurement log of this boot is full. Evidence will fail until the next reboot; find the file that keeps changing and leave it out of \"measure\".")]
    public static partial void LogFull(this ILogger log);

    [LoggerMessage(12, LogLevel.Warning, "A statement from the silo was ignored: {Problem}")]
    public static partial void StatementIgnored(this ILogger log, string problem);

    [LoggerMessage(13, LogLevel.Information, "Membership stored: {Name}, valid to {Expires}.")]
    public static partial void MembershipStored(this ILogger log, string name, DateTimeOffset expires);

    [LoggerMessage(14, LogLevel.Information, "Stopped.")]
    public static partial void Stopped(this ILogger log);

    [LoggerMessage(15, LogLevel.Information, "The root of trust was reset: a new boot and a new measurement log.")]
    public static partial void NewBoot(this ILogger log);

    [LoggerMessage(16, LogLevel.Information, "The silo's verdict: {Verdict}.")]
    public static partial void Verdict(this ILogger log, string verdict);

    [LoggerMessage(17, LogLevel.Warning, "The silo's verdict: {Verdict}. {Because}")]
    public static partial void VerdictTrouble(this ILogger log, string verdict, string because);

    [LoggerMessage(18, LogLevel.Critical, "{Problem}")]
    public static partial void CanNotRun(this ILogger log, string problem);

    [LoggerMessage(19, LogLevel.Error, "The root of trust is opened again in {Seconds:0.0} s: {Problem}")]
    public static partial void RootLost(this ILogger log, double seconds, string problem);
}
