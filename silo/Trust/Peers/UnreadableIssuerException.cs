using TrustMesh.Wire;

namespace TrustMesh.Trust.Peers;

/// <summary>A stored record of an issuer that cannot be read; its verdicts wait, everything else works (attack A43).</summary>
public sealed class UnreadableIssuerException(DeviceId issuer, WireException inner)
    : Exception($"The stored verdicts of {issuer} cannot be read ({inner.Message}). Restore the row from a backup, or delete it to take its verdicts anew.", inner);
