using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Verifier;

/// <summary>
/// RSAES-OAEP (RFC 8017 7.1.1) with a label, which the platform's RSA does not take and the TPM asks for. Encryption with a public key
/// only: nothing long-lived is at stake in the timing of the arithmetic, and the message is a seed used once.
/// </summary>
internal static class OaepEncryption
{
    /// <summary>The ciphertext, as long as the modulus.</summary>
    public static byte[] Encrypt(TpmPublic key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> label, RandomNumberGenerator random)
    {
        var hash = TpmHash.Size(key.NameAlg);
        var size = key.Modulus.Length;
        if (message.Length > size - 2 * hash - 2) throw new CryptographicException("The RSA key is too short for the seed.");
        // EM = 00 ‖ maskedSeed ‖ maskedDB, DB = H(label) ‖ 00… ‖ 01 ‖ message
        var encoded = new byte[size];
        var seed = encoded.AsSpan(1, hash);
        var block = encoded.AsSpan(1 + hash);
        TpmHash.Digest(key.NameAlg, label).CopyTo(block);
        block[^(message.Length + 1)] = 1;
        message.CopyTo(block[^message.Length..]);
        var fresh = new byte[hash];
        random.GetBytes(fresh);
        fresh.CopyTo(seed);
        Mask(key.NameAlg, seed, block);
        Mask(key.NameAlg, block, seed);
        var number = new BigInteger(encoded, isUnsigned: true, isBigEndian: true);
        var modulus = new BigInteger(key.Modulus.Span, isUnsigned: true, isBigEndian: true);
        CryptographicOperations.ZeroMemory(encoded);
        var power = BigInteger.ModPow(number, key.Exponent, modulus).ToByteArray(isUnsigned: true, isBigEndian: true);
        var encrypted = new byte[size];
        power.CopyTo(encrypted, size - power.Length);
        return encrypted;
    }

    /// <summary>XORs MGF1 (RFC 8017 B.2.1) of the seed over the target.</summary>
    private static void Mask(TpmAlg hash, ReadOnlySpan<byte> seed, Span<byte> target)
    {
        Span<byte> input = new byte[seed.Length + 4];
        seed.CopyTo(input);
        for (int at = 0, counter = 0; at < target.Length; counter++)
        {
            BinaryPrimitives.WriteInt32BigEndian(input[seed.Length..], counter);
            foreach (var b in TpmHash.Digest(hash, input))
            {
                if (at == target.Length) break;
                target[at++] ^= b;
            }
        }
    }
}
