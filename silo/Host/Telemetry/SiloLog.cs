using Microsoft.Extensions.Logging;
using TrustMesh.Wire;

namespace TrustMesh.Host.Telemetry;

/// <summary>Every line the silo logs. Arguments are ids, addresses and reasons; never a secret, a key or a token (attack A47).</summary>
public sealed partial class SiloLog(ILogger<SiloLog> logger)
{
    [LoggerMessage(1, LogLevel.Information, "Mesh {mesh}, authority {authority} ({kind} key), {devices} devices, policy {policy}")]
    public partial void Started(string mesh, string authority, string kind, int devices, long policy);

    [LoggerMessage(2, LogLevel.Information, "Devices at {device}, operators at {operators}")]
    public partial void Listening(string device, string operators);

    [LoggerMessage(3, LogLevel.Error, "The stored state of device {device} is unreadable and isolated: {why}")]
    public partial void Unreadable(DeviceId device, string why);

    [LoggerMessage(4, LogLevel.Error, "Request {path} failed, trace {trace}")]
    public partial void RequestFailed(Exception failure, string path, string trace);

    [LoggerMessage(5, LogLevel.Information, "Device {device} from {source} refused at {step} ({code}): {reason}")]
    public partial void Refused(string device, string source, string step, string code, string reason);

    [LoggerMessage(6, LogLevel.Information, "Device {device} ({name}) enrolled as {standing}, {tier}")]
    public partial void Enrolled(DeviceId device, string name, string standing, string tier);

    [LoggerMessage(7, LogLevel.Warning, "The verdict of device {device} expired and could not be noted: {why}")]
    public partial void ExpiryFailed(DeviceId device, string why);

    [LoggerMessage(8, LogLevel.Information, "Operator {actor}: {what}")]
    public partial void OperatorActed(string actor, string what);

    [LoggerMessage(9, LogLevel.Warning, "Sign-in refused from {source}")]
    public partial void SignInRefused(string source);

    [LoggerMessage(10, LogLevel.Error, "Renewing statements failed: {why}")]
    public partial void RenewalFailed(string why);

    [LoggerMessage(12, LogLevel.Warning, "{count} more refusals were not written down")]
    public partial void RefusalsLeftOut(int count);

    [LoggerMessage(13, LogLevel.Error, "The status list could not be written and is tried again: {why}")]
    public partial void StatusListFailed(string why);

    [LoggerMessage(40, LogLevel.Warning, "When measured values were first seen could not be kept, and is tried again: {why}")]
    public partial void FirstSeenFailed(string why);

    [LoggerMessage(11, LogLevel.Information, "Stopping")]
    public partial void Stopping();

    [LoggerMessage(15, LogLevel.Error, "The mesh's log did not take a line and is asked again: {why}")]
    public partial void LogFailed(string why);

    [LoggerMessage(14, LogLevel.Error, "The stored verdicts of device {device} on its peers are unreadable and isolated: {why}. Restore the row from a backup, or delete it to take its verdicts anew.")]
    public partial void UnreadableVerdicts(DeviceId device, string why);

    [LoggerMessage(16, LogLevel.Error, "{why}")]
    public partial void PeopleUnreadable(string why);

    [LoggerMessage(17, LogLevel.Warning, "A passkey was refused: {why}")]
    public partial void PasskeyRefused(string why);

    [LoggerMessage(18, LogLevel.Warning, "An OpenID sign-in was refused: {why}")]
    public partial void OidcRefused(string why);

    [LoggerMessage(19, LogLevel.Error, "A stored row of {kind} ({id}) is unreadable and passed over: {why}")]
    public partial void AlertRowUnreadable(string kind, string id, string why);

    [LoggerMessage(20, LogLevel.Warning, "Watching for alerts was interrupted and begins again: {why}")]
    public partial void AlertsInterrupted(string why);

    [LoggerMessage(22, LogLevel.Error, "An act of the mesh was left before it was done or in the log, and is finished as soon as that works: {why}")]
    public partial void ActLeft(string why);

    [LoggerMessage(21, LogLevel.Warning, "The box of a webhook could not be read or written, and is asked again: {why}")]
    public partial void WebhookInterrupted(string why);

    [LoggerMessage(22, LogLevel.Warning, "Asking the OpenID provider again was interrupted and goes on: {why}")]
    public partial void OidcInterrupted(string why);

    [LoggerMessage(23, LogLevel.Information, "{name}: {what} ({why})")]
    public partial void OidcFollowed(string name, string what, string why);

    [LoggerMessage(24, LogLevel.Warning, "A logout token of the OpenID provider was refused: {why}")]
    public partial void OidcLogoutRefused(string why);

    [LoggerMessage(25, LogLevel.Error, "{what}")]
    public partial void LogHeard(string what);

    [LoggerMessage(26, LogLevel.Error, "{what}")]
    public partial void ApiTokenTrouble(string what);
}
