namespace TrustMesh.Wire.Tpm;

/// <summary>TPM_ECC_CURVE (part 2, 6.4).</summary>
public enum TpmCurve : ushort { None = 0, P256 = 0x0003, P384 = 0x0004, P521 = 0x0005 }
