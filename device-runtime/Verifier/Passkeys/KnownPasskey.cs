using TrustMesh.Wire.Passkeys;

namespace TrustMesh.Verifier;

/// <summary>A passkey as it was registered and last seen.</summary>
/// <param name="Counter">The highest it ever signed with; 0 for one that does not count.</param>
public sealed record KnownPasskey(PasskeyKey Key, uint Counter, bool BackupEligible);
