using System.Security.Cryptography;

namespace TrustMesh.Roots.Pkcs11;

/// <summary>
/// The public key of a token's key pair. CKA_EC_PARAMS names the curve (DER, an object identifier); CKA_EC_POINT is the uncompressed point,
/// in an OCTET STRING as the standard has it (3.0, 6.3.3), or bare, as older modules give it. Both have one length, so they can not be mistaken
/// for each other. Everything else is refused.
/// </summary>
internal static class IdentityPoint
{
    private const int Bare = 65;

    /// <summary>OBJECT IDENTIFIER 1.2.840.10045.3.1.7, for templates too.</summary>
    internal static readonly byte[] P256 = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];

    /// <summary>The public key; the caller disposes of it. Throws <see cref="RootException"/>.</summary>
    internal static ECDsa Read(byte[]? parameters, byte[]? point)
    {
        if (parameters is null || !parameters.AsSpan().SequenceEqual(P256)) throw Bad("its curve is not P-256");
        var bare = point switch
        {
            { Length: Bare } => point,
            [0x04, Bare, .. var wrapped] when wrapped.Length == Bare => wrapped,
            _ => throw Bad(point is null ? "the token does not tell its public point" : $"its public point has {point.Length} bytes"),
        };
        if (bare[0] != 0x04) throw Bad("its public point is not uncompressed");
        try
        {
            return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = bare[1..33], Y = bare[33..] } });
        }
        catch (CryptographicException e)
        {
            throw Bad("its public point is not on the curve", e);
        }
    }

    private static RootException Bad(string what, Exception? inner = null)
        => new($"The key in the token can not be this device's identity: {what}. Let the agent make the key: choose a keyLabel that no object of the token has.", inner);
}
