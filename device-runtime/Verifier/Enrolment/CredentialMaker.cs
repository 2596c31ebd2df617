using System.Buffers.Binary;
using System.Security.Cryptography;
using TrustMesh.Wire;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Verifier;

/// <summary>
/// TPM2_MakeCredential in software (TPM 2.0 Library part 1, 24; part 3, 12.6), for RSA and ECC endorsement keys with nameAlg SHA-256 or
/// SHA-384 and AES-CFB (attacks A09 to A11).
/// <list type="number">
/// <item>a random seed reaches the EK: RSAES-OAEP with label <c>IDENTITY</c> (part 1, B.10.4), or ECDH and KDFe (part 1, C.6.4)</item>
/// <item>KDFa of the seed and the AK's Name gives the AES key, KDFa of the seed the HMAC key</item>
/// <item>blob = HMAC(encrypted ‖ Name) ‖ encrypted, encrypted = AES-CFB(size ‖ secret)</item>
/// </list>
/// </summary>
public sealed class CredentialMaker(RandomNumberGenerator random)
{
    private const int SecretSize = 32;

    /// <param name="endorsementKey">EK of the TPM 2.0 EK profile. Throws <see cref="WireException"/> for algorithms that are not allowed.</param>
    /// <param name="name">Name of the AK, computed by us (<see cref="TpmPublic.Name"/>).</param>
    public Credential Make(TpmPublic endorsementKey, ReadOnlySpan<byte> name)
    {
        KeyAlgorithms.Require(endorsementKey.Type, endorsementKey.KeyBits, endorsementKey.Exponent);
        if (endorsementKey.NameAlg is not (TpmAlg.Sha256 or TpmAlg.Sha384)) throw new WireException("nameAlg", 0, $"{endorsementKey.NameAlg}, expected SHA-256 or SHA-384");
        if (endorsementKey.Symmetric != TpmAlg.Aes || endorsementKey.SymmetricBits is not (128 or 256)) throw new WireException("symmetric", 0, "not AES-128 or AES-256: this is no endorsement key");
        var secret = new byte[SecretSize];
        random.GetBytes(secret);
        byte[] seed, encryptedSeed;
        try
        {
            (seed, encryptedSeed) = endorsementKey.Type == TpmAlg.Rsa ? SeedForRsa(endorsementKey) : SeedForEcc(endorsementKey);
        }
        catch (CryptographicException refused)
        {
            throw new WireException("endorsement key", 0, $"not a usable key: {refused.Message}");
        }
        try
        {
            return new(Protect(endorsementKey, seed, name, secret), encryptedSeed, secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    private static byte[] Protect(TpmPublic key, byte[] seed, ReadOnlySpan<byte> name, byte[] secret)
    {
        var hash = TpmHash.Name(key.NameAlg);
        var size = TpmHash.Size(key.NameAlg);
        using var aes = Aes.Create();
        aes.Key = SP800108HmacCounterKdf.DeriveBytes(seed, hash, "STORAGE"u8, name, key.SymmetricBits / 8);
        var encrypted = new byte[2 + secret.Length];
        BinaryPrimitives.WriteUInt16BigEndian(encrypted, (ushort)secret.Length);
        secret.CopyTo(encrypted, 2);
        // The IV is zero by specification: the key is used once. CFB is a stream cipher, but the framework wants whole blocks.
        encrypted = aes.EncryptCfb(encrypted, new byte[16], PaddingMode.Zeros, 128)[..encrypted.Length];

        var hmacKey = SP800108HmacCounterKdf.DeriveBytes(seed, hash, "INTEGRITY"u8, [], size);
        byte[] mac = [.. HmacOf(hash, hmacKey, [.. encrypted, .. name])];
        return [(byte)(size >> 8), (byte)size, .. mac, .. encrypted];
    }

    private static byte[] HmacOf(HashAlgorithmName hash, byte[] key, byte[] data)
        => hash == HashAlgorithmName.SHA256 ? HMACSHA256.HashData(key, data) : HMACSHA384.HashData(key, data);

    private (byte[] Seed, byte[] Encrypted) SeedForRsa(TpmPublic key)
    {
        var seed = new byte[TpmHash.Size(key.NameAlg)];
        random.GetBytes(seed);
        return (seed, OaepEncryption.Encrypt(key, seed, "IDENTITY\0"u8, random));
    }

    private static (byte[] Seed, byte[] Encrypted) SeedForEcc(TpmPublic key)
    {
        var curve = key.Curve == TpmCurve.P256 ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384;
        using var theirs = ECDiffieHellman.Create(new ECParameters { Curve = curve, Q = new() { X = key.X.ToArray(), Y = key.Y.ToArray() } });
        using var theirPublic = theirs.PublicKey;
        while (true)
        {
            using var ours = ECDiffieHellman.Create(curve);
            var point = ours.ExportParameters(false).Q;
            var shared = ours.DeriveRawSecretAgreement(theirPublic);
            // TPMs disagree about leading zeros of numbers under a hash: such a key of ours is thrown away (one in 85).
            if (point.X![0] == 0 || point.Y![0] == 0 || shared[0] == 0) continue;
            var seed = KdfE(key.NameAlg, shared, point.X, key.X.Span);
            CryptographicOperations.ZeroMemory(shared);
            return (seed, [0, (byte)point.X.Length, .. point.X, 0, (byte)point.Y.Length, .. point.Y]);
        }
    }

    /// <summary>KDFe (part 1, 11.4.10.3) with label IDENTITY; one block is as long as is asked for.</summary>
    private static byte[] KdfE(TpmAlg hash, ReadOnlySpan<byte> shared, ReadOnlySpan<byte> partyU, ReadOnlySpan<byte> partyV)
        => TpmHash.Digest(hash, [0, 0, 0, 1, .. shared, .. "IDENTITY\0"u8, .. partyU, .. partyV]);
}
