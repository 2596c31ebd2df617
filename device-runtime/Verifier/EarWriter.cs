using System.Security.Cryptography;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>Writes a verdict as EAR (draft-ietf-rats-ear), PROTOCOL.md section 10. Signing it is the silo's business.</summary>
public static class EarWriter
{
    /// <summary>The result that says what <paramref name="evidence"/> came to; its payload is <see cref="AttestationResult.EncodePayload"/>.</summary>
    public static AttestationResult Write(VerifiedEvidence evidence)
    {
        var verdict = evidence.Verdict;
        return new(
            evidence.Device,
            verdict.Tier,
            verdict.Status,
            verdict.Vector,
            verdict.PolicyId,
            verdict.PolicySerial,
            verdict.ReferenceSerial,
            evidence.After.Boot,
            evidence.Claims.SessionKeyThumbprint,
            evidence.Claims.Challenge,
            SHA256.HashData(evidence.Bytes.Span),
            verdict.Because,
            verdict.IssuedAt.ToUnixTimeSeconds(),
            verdict.ExpiresAt.ToUnixTimeSeconds());
    }
}
