namespace TrustMesh.Wire.Tpm;

/// <summary>TPMA_OBJECT (part 2, 8.3). Bits that are not named here are reserved and refused when read.</summary>
[Flags]
public enum TpmObjectAttributes : uint
{
    None = 0, FixedTpm = 1 << 1, StClear = 1 << 2, FixedParent = 1 << 4, SensitiveDataOrigin = 1 << 5, UserWithAuth = 1 << 6,
    AdminWithPolicy = 1 << 7, FirmwareLimited = 1 << 8, SvnLimited = 1 << 9, NoDa = 1 << 10, EncryptedDuplication = 1 << 11,
    Restricted = 1 << 16, Decrypt = 1 << 17, SignEncrypt = 1 << 18, X509Sign = 1 << 19,

    /// <summary>Every bit that has a meaning.</summary>
    All = FixedTpm | StClear | FixedParent | SensitiveDataOrigin | UserWithAuth | AdminWithPolicy | FirmwareLimited | SvnLimited | NoDa
        | EncryptedDuplication | Restricted | Decrypt | SignEncrypt | X509Sign,
}
