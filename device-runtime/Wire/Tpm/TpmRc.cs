namespace TrustMesh.Wire.Tpm;

/// <summary>TPM_RC without the place it points at (part 2, 6.6.3): format-1 codes with their parameter, handle or session number removed.</summary>
public enum TpmRc : ushort
{
    Initialize = 0x100, Failure = 0x101, Sequence = 0x103, Private = 0x10b, Hmac = 0x119, Disabled = 0x120, Exclusive = 0x121, AuthType = 0x124,
    AuthMissing = 0x125, Policy = 0x126, Pcr = 0x127, PcrChanged = 0x128, Upgrade = 0x12d, TooManyContexts = 0x12e, AuthUnavailable = 0x12f,
    Reboot = 0x130, Unbalanced = 0x131, CommandSize = 0x142, CommandCode = 0x143, AuthSize = 0x144, AuthContext = 0x145, NvRange = 0x146,
    NvSize = 0x147, NvLocked = 0x148, NvAuthorization = 0x149, NvUninitialized = 0x14a, NvSpace = 0x14b, NvDefined = 0x14c, BadContext = 0x150,
    CpHash = 0x151, Parent = 0x152, NeedsTest = 0x153, NoResult = 0x154, Sensitive = 0x155,

    Asymmetric = 0x081, Attributes = 0x082, Hash = 0x083, Value = 0x084, Hierarchy = 0x085, KeySize = 0x087, Mgf = 0x088, Mode = 0x089,
    Type = 0x08a, Handle = 0x08b, Kdf = 0x08c, Range = 0x08d, AuthFail = 0x08e, Nonce = 0x08f, PhysicalPresence = 0x090, Scheme = 0x092,
    Size = 0x095, Symmetric = 0x096, Tag = 0x097, Selector = 0x098, Insufficient = 0x09a, Signature = 0x09b, Key = 0x09c, PolicyFail = 0x09d,
    Integrity = 0x09f, Ticket = 0x0a0, ReservedBits = 0x0a1, BadAuth = 0x0a2, Expired = 0x0a3, PolicyCc = 0x0a4, Binding = 0x0a5,
    Curve = 0x0a6, EccPoint = 0x0a7,

    ContextGap = 0x901, ObjectMemory = 0x902, SessionMemory = 0x903, Memory = 0x904, SessionHandles = 0x905, ObjectHandles = 0x906,
    Locality = 0x907, Yielded = 0x908, Canceled = 0x909, Testing = 0x90a, ReferenceH0 = 0x910, ReferenceH1 = 0x911, ReferenceH2 = 0x912,
    ReferenceS0 = 0x918, ReferenceS1 = 0x919, NvRate = 0x920, Lockout = 0x921, Retry = 0x922, NvUnavailable = 0x923,
}
