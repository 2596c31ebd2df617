using System.Security.Cryptography;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Authority;

/// <summary>Signs attestation results (PROTOCOL.md section 10) with the silo's key; its certificate by the authority travels along.</summary>
public sealed class ResultIssuer(SigningKey silo, Func<IReadOnlyList<ReadOnlyMemory<byte>>> chain)
{
    private const int InstanceIdentity = 0;
    private const int Revoked = 96;

    /// <summary>
    /// The verdict as a statement for others. A device that is not an active member gets no good word, however well it measures: pending is
    /// none, suspended and revoked are contraindicated.
    /// </summary>
    public byte[] Issue(VerifiedEvidence evidence, Standing standing, DateTimeOffset now)
    {
        var verdict = evidence.Verdict;
        var (status, vector, because) = (verdict.Status, verdict.Vector, verdict.Because);
        if (standing != Standing.Active)
        {
            status = standing == Standing.Pending ? TrustTier.None : TrustTier.Contraindicated;
            if (standing != Standing.Pending) vector = new Dictionary<int, int>(vector) { [InstanceIdentity] = Revoked };
            because = [new("standing", "standing", "active", Twins.TwinTransition.Text(standing), "mesh", Outcome.Fail), .. because.Take(Wire.Caps.FindingCount - 1)];
        }
        var result = new AttestationResult(
            evidence.Device, verdict.Tier, status, vector, verdict.PolicyId, verdict.PolicySerial, verdict.ReferenceSerial, evidence.After.Boot,
            evidence.Claims.SessionKeyThumbprint, evidence.Claims.Challenge, SHA256.HashData(evidence.Bytes.Span), because,
            now.ToUnixTimeSeconds(), verdict.ExpiresAt.ToUnixTimeSeconds());
        return silo.Sign(result.EncodePayload(), AttestationResult.Typ, certificates: chain());
    }
}
