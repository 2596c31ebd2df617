using System.Security.Cryptography;

namespace TrustMesh.Verifier;

/// <summary>
/// The proof of an ActivateRequest (PROTOCOL.md section 7). The answer is yes or no and nothing else: what was expected never leaves this
/// class (attack A11). The enrolment id is burnt by the caller before it asks.
/// </summary>
public static class EnrolmentProof
{
    private const int SpkiHashSize = 32;

    /// <summary><c>HMAC-SHA-256(secret, "tm-en/1" ‖ enrolment id ‖ SHA-256(SPKI of the session key))</c>, compared in constant time.</summary>
    /// <param name="secret">What the credential held, 16 to 64 bytes.</param>
    /// <param name="sessionSpki">SHA-256 of the TLS key's SubjectPublicKeyInfo, 32 bytes.</param>
    public static bool IsOfTpm(ReadOnlySpan<byte> proof, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> enrolmentId, ReadOnlySpan<byte> sessionSpki)
    {
        if (secret.Length < 16 || sessionSpki.Length != SpkiHashSize) return false;
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, [.. "tm-en/1"u8, .. enrolmentId, .. sessionSpki], expected);
        return CryptographicOperations.FixedTimeEquals(proof, expected);
    }

    /// <summary>ES256 over <c>"tm-en/1" ‖ enrolment id ‖ nonce ‖ SHA-256(SPKI of the session key)</c> by the root identity key.</summary>
    /// <param name="nonce">32 bytes.</param>
    public static bool IsOfKey(ReadOnlySpan<byte> proof, AttestationKey root, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> enrolmentId, ReadOnlySpan<byte> sessionSpki)
        => nonce.Length == 32 && sessionSpki.Length == SpkiHashSize && root.VerifyEs256([.. "tm-en/1"u8, .. enrolmentId, .. nonce, .. sessionSpki], proof);
}
