namespace TrustMesh.Roots.Pkcs11;

/// <summary>CK_ATTRIBUTE_TYPE (PKCS#11 3.0, 4): the attributes this project reads or sets.</summary>
public enum CkAttribute : uint
{
    Class = 0x0, Token = 0x1, Private = 0x2, Label = 0x3, Application = 0x10, Value = 0x11, KeyType = 0x100, Id = 0x102, Sensitive = 0x103,
    Sign = 0x108, Verify = 0x10a, Derive = 0x10c, Extractable = 0x162, Local = 0x163, NeverExtractable = 0x164, AlwaysSensitive = 0x165, KeyGenMechanism = 0x166,
    EcParams = 0x180, EcPoint = 0x181, AlwaysAuthenticate = 0x202,
}
