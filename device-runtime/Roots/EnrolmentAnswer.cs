using System.Security.Cryptography;

namespace TrustMesh.Roots;

/// <summary>The two enrolment proofs of PROTOCOL.md section 7.</summary>
internal static class EnrolmentAnswer
{
    /// <summary>HMAC-SHA-256 keyed by the activated credential, which is not kept.</summary>
    internal static byte[] ByCredential(byte[] secret, ReadOnlySpan<byte> enrolmentId, ReadOnlySpan<byte> sessionSpki)
    {
        try
        {
            byte[] message = [.. "tm-en/1"u8, .. enrolmentId, .. sessionSpki];
            return HMACSHA256.HashData(secret, message);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>ES256, r ‖ s.</summary>
    internal static byte[] BySignature(ECDsa key, ReadOnlySpan<byte> enrolmentId, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> sessionSpki)
    {
        byte[] message = [.. "tm-en/1"u8, .. enrolmentId, .. nonce, .. sessionSpki];
        return key.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}
