using System.Security.Cryptography;

namespace TrustMesh.Wire.Tpm;

/// <summary>The hash algorithms of TPM structures: names, sizes and digests.</summary>
public static class TpmHash
{
    /// <summary>Bytes of a digest; 0 for anything that is not SHA-1, SHA-256, SHA-384 or SHA-512.</summary>
    public static int Size(TpmAlg hash) => hash switch
    {
        TpmAlg.Sha1 => 20,
        TpmAlg.Sha256 => 32,
        TpmAlg.Sha384 => 48,
        TpmAlg.Sha512 => 64,
        _ => 0,
    };

    /// <summary>Throws <see cref="WireException"/> for an algorithm without <see cref="Size"/>.</summary>
    public static HashAlgorithmName Name(TpmAlg hash) => hash switch
    {
        TpmAlg.Sha1 => HashAlgorithmName.SHA1,
        TpmAlg.Sha256 => HashAlgorithmName.SHA256,
        TpmAlg.Sha384 => HashAlgorithmName.SHA384,
        TpmAlg.Sha512 => HashAlgorithmName.SHA512,
        _ => throw new WireException("hash", 0, $"algorithm {(ushort)hash:x4} is not a hash this project knows"),
    };

    /// <inheritdoc cref="Name"/>
    public static byte[] Digest(TpmAlg hash, ReadOnlySpan<byte> bytes) => CryptographicOperations.HashData(Name(hash), bytes);
}
