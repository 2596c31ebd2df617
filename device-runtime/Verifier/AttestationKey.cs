namespace TrustMesh.Verifier;

/// <summary>
/// A public key that signs evidence, ready to verify: the AK of a TPM (with its Name) or an identity key. Thread-safe.
/// Accepts P-256 and P-384 with SHA-256/384, RSA ≥ 2048 with RSASSA/RSAPSS and SHA-256/384; everything else is refused (attack A17).
/// </summary>
public sealed partial class AttestationKey;
