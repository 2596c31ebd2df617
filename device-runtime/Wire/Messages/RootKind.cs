namespace TrustMesh.Wire.Messages;

/// <summary>What holds a device's root identity key. PROTOCOL.md section 7.</summary>
public enum RootKind { Software = 0, Tpm = 1, Pkcs11 = 2, Zymbit = 3 }
