using TrustMesh.Trust.Directory;

namespace TrustMesh.Trust.Revoking;

/// <summary>Whom a plan is about, of the devices that were meant.</summary>
/// <param name="Devices">By name.</param>
/// <param name="Already">Revoked before.</param>
/// <param name="Beyond">Not the caller's to revoke, by name.</param>
/// <param name="Yours">The devices are the caller's to revoke; else they are those beyond, to look at.</param>
public sealed record PlanChoice(IReadOnlyList<DeviceEntry> Devices, int Already, IReadOnlyList<DeviceEntry> Beyond, bool Yours);
