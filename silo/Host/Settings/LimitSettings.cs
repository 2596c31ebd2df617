namespace TrustMesh.Host.Settings;

/// <summary>What one peer may cost (attack A42). Rates are per second, with twice as much in a burst.</summary>
/// <param name="Connections">On the device listener, all together; a device holds two, one to prove itself and one to watch for statements.</param>
/// <param name="ConnectionsPerSource">From one IP address; a site's gateway may stand for thousands of devices.</param>
/// <param name="SourceRate">Requests of one IP address.</param>
/// <param name="EnrolmentRate">Enrolments of one IP address.</param>
/// <param name="DeviceRate">Challenges and evidence of one device id.</param>
/// <param name="VerificationQueue">Evidence waiting for a core before the silo says busy.</param>
/// <param name="ResidentTwins">Twins kept in memory with their whole state; others live in the store until asked.</param>
/// <param name="PendingDevices">Devices that wait for an operator; more are refused.</param>
public sealed record LimitSettings(
    int Connections = 40_000,
    int ConnectionsPerSource = 20_000,
    int SourceRate = 10_000,
    int EnrolmentRate = 50,
    int DeviceRate = 10,
    int VerificationQueue = 1_024,
    int ResidentTwins = 20_000,
    int PendingDevices = 1_000);
