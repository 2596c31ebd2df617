using Microsoft.Extensions.Logging;

namespace TrustMesh.Agent.Admission;

/// <summary>What admission says to the journal.</summary>
internal static partial class AdmissionLog
{
    [LoggerMessage(60, LogLevel.Information, "Admission: {How}.")]
    public static partial void Admission(this ILogger log, string how);

    [LoggerMessage(61, LogLevel.Information, "{Address} may come in for {Seconds:0} s.")]
    public static partial void LetIn(this ILogger log, string address, double seconds);

    [LoggerMessage(62, LogLevel.Warning, "{Address} is out.")]
    public static partial void PutOut(this ILogger log, string address);

    [LoggerMessage(63, LogLevel.Error, "Somebody took the agent's firewall rules away or changed them. The doors are closed again, and who is accepted is let in again.")]
    public static partial void DoorsWereOpened(this ILogger log);

    [LoggerMessage(64, LogLevel.Error, "Admission failed and is tried again; meanwhile nobody new comes in, and who is in runs out: {Problem}")]
    public static partial void AdmissionFailed(this ILogger log, string problem);

    [LoggerMessage(66, LogLevel.Warning, "Admission is off, and an earlier run had closed the doors: they are open now.")]
    public static partial void DoorsOpened(this ILogger log);

    [LoggerMessage(65, LogLevel.Warning, "{Host} has no address now ({Problem}); it can not be reached until it has. Where names are resolved over the network, allow it, such as \"10.0.0.2 udp 53\".")]
    public static partial void NotResolved(this ILogger log, string host, string problem);
}
