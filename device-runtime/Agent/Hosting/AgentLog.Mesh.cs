using Microsoft.Extensions.Logging;

namespace TrustMesh.Agent.Hosting;

/// <summary>What the agent says about the mesh's statements and the verdicts it keeps for the silo.</summary>
internal static partial class AgentLog
{
    [LoggerMessage(40, LogLevel.Information, "Status list {Serial} is in force.")]
    public static partial void StatusListTaken(this ILogger log, long serial);

    [LoggerMessage(41, LogLevel.Error, "The newest revocation list is older than the policy's grace, or expired; every peer counts as unknown until a newer one comes from the silo or a peer.")]
    public static partial void GraceIsOver(this ILogger log);

    [LoggerMessage(42, LogLevel.Information, "Peers are judged again: revocation list {Serial} is young enough.")]
    public static partial void JudgesPeersAgain(this ILogger log, long serial);

    [LoggerMessage(43, LogLevel.Error, "{File} is older than what this device's root of trust remembers (expected {Expected}, got {Got}) and is refused: the state directory was put back from a copy.")]
    public static partial void StateRolledBack(this ILogger log, string file, string expected, string got);

    [LoggerMessage(44, LogLevel.Warning, "{File} can not be used: {Problem}")]
    public static partial void StatementUnreadable(this ILogger log, string file, string problem);

    [LoggerMessage(45, LogLevel.Error, "This device has had policy {Policy} and revocation list {Status}, and they are not here: every peer counts as unknown until they come again from the silo or a peer.")]
    public static partial void StatementsGone(this ILogger log, long policy, long status);

    [LoggerMessage(46, LogLevel.Warning, "A statement from the silo was refused: {Problem}")]
    public static partial void WatchRefused(this ILogger log, string problem);

    [LoggerMessage(47, LogLevel.Information, "Statements of the mesh come from the silo.")]
    public static partial void Watching(this ILogger log);

    [LoggerMessage(48, LogLevel.Information, "No statements come from the silo for now: {Reason}")]
    public static partial void WatchEnded(this ILogger log, string reason);

    [LoggerMessage(49, LogLevel.Warning, "{Count} verdicts had to make room for newer ones before the silo had them; {Dropped} ever.")]
    public static partial void VerdictsDropped(this ILogger log, long count, long dropped);

    [LoggerMessage(50, LogLevel.Error, "The silo has verdicts of this device up to {Silo}, this device made them up to {Own}: its state directory was put back from a copy, or another machine has the same root of trust.")]
    public static partial void SiloKnowsMore(this ILogger log, long silo, long own);

    [LoggerMessage(51, LogLevel.Warning, "Verdicts wait for the silo: {Problem}")]
    public static partial void UploadFailed(this ILogger log, string problem);

    [LoggerMessage(52, LogLevel.Warning, "{Passed} would not do, {Silo} does: {Reason}")]
    public static partial void WentOn(this ILogger log, string passed, string silo, string reason);

    [LoggerMessage(56, LogLevel.Error, "{Passed} is configured as a silo and is none of this mesh; another one answers: {Reason}")]
    public static partial void NotOurSilo(this ILogger log, string passed, string reason);

    [LoggerMessage(53, LogLevel.Warning, "The verdict file {File} is damaged from its first byte on; what stood there is lost.")]
    public static partial void OutboxDamaged(this ILogger log, string file);

    [LoggerMessage(55, LogLevel.Error, "The silo refuses verdict {Sequence} of this device: {Problem} It is dropped, so that those after it are heard; {Dropped} dropped ever.")]
    public static partial void VerdictGivenUp(this ILogger log, long sequence, string problem, long dropped);

    [LoggerMessage(54, LogLevel.Error, "Applications can not ask this agent: {Problem}")]
    public static partial void NoDoor(this ILogger log, string problem);
}
