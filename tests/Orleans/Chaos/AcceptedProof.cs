using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Orleans.Chaos;

/// <summary>Evidence that a receipt came for.</summary>
/// <param name="Status">Of the attestation result; the verdict's own if the device is active.</param>
/// <param name="IssuedAt">Seconds since 1970, by the silo.</param>
/// <param name="ExpiresAt">Of the verdict, likewise.</param>
internal sealed record AcceptedProof(Standing Standing, TrustTier Status, long IssuedAt, long ExpiresAt, uint Boot, int LogCount);
