using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Twins;

/// <summary>What one peer says of a device now.</summary>
/// <param name="Name">The issuer's.</param>
/// <param name="Counts">The issuer is active, its word is not doubted, and the silo does not find the issuer itself contraindicated.</param>
/// <param name="Reason">The first finding that did not pass; empty if all did.</param>
public sealed record PeerWord(DeviceId Issuer, string Name, bool Counts, TrustTier Status, string Reason, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt);
