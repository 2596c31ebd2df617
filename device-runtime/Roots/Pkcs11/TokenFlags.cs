namespace TrustMesh.Roots.Pkcs11;

/// <summary>Flags of CK_TOKEN_INFO (PKCS#11 3.0, 3.2) that matter here; others may be set too.</summary>
[Flags]
public enum TokenFlags : uint
{
    None = 0, WriteProtected = 1 << 1, LoginRequired = 1 << 2, PinInitialized = 1 << 3, Initialized = 1 << 10,

    /// <summary>A wrong PIN was given since the last right one.</summary>
    PinCountLow = 1 << 16,

    /// <summary>The next wrong PIN locks the token.</summary>
    PinFinalTry = 1 << 17,

    PinLocked = 1 << 18,
}
