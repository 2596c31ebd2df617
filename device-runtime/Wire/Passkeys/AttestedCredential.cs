namespace TrustMesh.Wire.Passkeys;

/// <summary>A new credential (WebAuthn 3, 6.5.1). Which make of authenticator it comes from is not looked at.</summary>
/// <param name="Id">1 to 1023 bytes.</param>
public sealed record AttestedCredential(ReadOnlyMemory<byte> Id, PasskeyKey Key);
