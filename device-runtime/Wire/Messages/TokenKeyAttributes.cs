namespace TrustMesh.Wire.Messages;

/// <summary>Attributes of a private key as its token reports them (PKCS#11 3.0, 4.9). PROTOCOL.md section 7.</summary>
[Flags]
public enum TokenKeyAttributes
{
    None = 0,

    /// <summary>CKA_LOCAL: generated in the token.</summary>
    Local = 1,

    /// <summary>CKA_ALWAYS_SENSITIVE.</summary>
    AlwaysSensitive = 2,

    /// <summary>CKA_NEVER_EXTRACTABLE.</summary>
    NeverExtractable = 4,

    /// <summary>CKA_SENSITIVE.</summary>
    Sensitive = 8,

    /// <summary>CKA_EXTRACTABLE: it can be taken out, wrapped.</summary>
    Extractable = 16,

    /// <summary>CKA_KEY_GEN_MECHANISM is CKM_EC_KEY_PAIR_GEN.</summary>
    KeyGenerated = 32,

    All = 63,
}
