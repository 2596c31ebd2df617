namespace TrustMesh.Wire.Passkeys;

/// <summary>Flags of authenticator data (WebAuthn 3, 6.1).</summary>
[Flags]
public enum AuthenticatorFlags
{
    /// <summary>Somebody touched it.</summary>
    UserPresent = 1,

    /// <summary>It knows by PIN or body who.</summary>
    UserVerified = 4,

    /// <summary>The key may be copied to the person's other devices.</summary>
    BackupEligible = 8,

    /// <summary>It is.</summary>
    BackedUp = 16,

    /// <summary>A new credential follows.</summary>
    Attested = 64,

    /// <summary>Extensions follow.</summary>
    Extensions = 128,
}
