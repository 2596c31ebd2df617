using System.Security.Cryptography;
using TrustMesh.Wire.Messages;

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

    /// <summary>ES256 by the root identity key.</summary>
    /// <param name="sign">ES256 over these bytes, r ‖ s.</param>
    internal static byte[] BySignature(Func<byte[], byte[]> sign, EnrolChallenge challenge, ReadOnlySpan<byte> sessionSpki)
        => sign([.. "tm-en/1"u8, .. challenge.EnrolmentId.Span, .. challenge.Nonce.Span, .. sessionSpki]);
}
