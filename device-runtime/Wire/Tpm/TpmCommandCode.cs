namespace TrustMesh.Wire.Tpm;

/// <summary>TPM_CC (part 2, 6.5.2): the commands this project speaks.</summary>
public enum TpmCommandCode : uint
{
    NvDefineSpace = 0x12a, CreatePrimary = 0x131, NvWrite = 0x137, NvRead = 0x14e, ActivateCredential = 0x147, Certify = 0x148, PolicySecret = 0x151, Create = 0x153, Load = 0x157,
    Quote = 0x158, Sign = 0x15d, FlushContext = 0x165, NvReadPublic = 0x169, PolicyOr = 0x171, ReadPublic = 0x173, StartAuthSession = 0x176,
    Startup = 0x144, Shutdown = 0x145, GetCapability = 0x17a, GetRandom = 0x17b, PcrRead = 0x17e, ReadClock = 0x181, PcrExtend = 0x182,
}
