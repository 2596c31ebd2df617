using System.Security.Cryptography;

namespace TrustMesh.Wire.Cose;

/// <summary>COSE key thumbprints (RFC 9679): SHA-256 over the deterministic map of kty, crv, x, y. 32 bytes.</summary>
public static class KeyThumbprint
{
    /// <summary>Thumbprint of a P-256 public key.</summary>
    public static byte[] Of(ECParameters key) => throw new NotImplementedException();
}
