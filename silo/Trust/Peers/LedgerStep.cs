using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Trust.Peers;

/// <summary>What verdicts made of an issuer's record.</summary>
/// <param name="Lines">For timelines, in the order of the verdicts; each with the device on whose timeline it belongs.</param>
/// <param name="Heard">Devices that were spoken about.</param>
/// <param name="Changed">False: nothing to save.</param>
public sealed record LedgerStep(IssuerRecord Record, IReadOnlyList<(DeviceId Device, TwinEvent Line)> Lines, IReadOnlyCollection<DeviceId> Heard, bool Changed);
