namespace TrustMesh.Wire.Passkeys;

/// <summary>The public key of a passkey with the one algorithm it is for.</summary>
/// <param name="Algorithm"><see cref="Es256"/> or <see cref="Rs256"/>.</param>
/// <param name="SubjectPublicKeyInfo">DER.</param>
public sealed record PasskeyKey(int Algorithm, ReadOnlyMemory<byte> SubjectPublicKeyInfo)
{
    /// <summary>ECDSA on P-256 with SHA-256 (RFC 9053 2.1).</summary>
    public const int Es256 = -7;

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8812): authenticators in a TPM.</summary>
    public const int Rs256 = -257;
}
