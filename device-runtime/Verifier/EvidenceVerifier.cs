using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>Turns evidence into verified evidence. Pure: no I/O, no clock of its own. Thread-safe.</summary>
public sealed class EvidenceVerifier
{
    /// <param name="bytes">The evidence as it came over the channel; malformed bytes become a finding.</param>
    /// <param name="leaf">What the challenger itself knows it asked, over which channel.</param>
    /// <param name="sessionSpki">SubjectPublicKeyInfo of the attester's TLS key, DER; the claims' cnf must be its thumbprint.</param>
    /// <param name="policy">Null where there is none: the verdict is then never better than none (attack A29).</param>
    /// <param name="reference">Null where there is none for the device's model (attack A08).</param>
    public VerificationResult Verify(
        ReadOnlyMemory<byte> bytes,
        ChallengeLeaf leaf,
        ReadOnlyMemory<byte> sessionSpki,
        EnrolledDevice device,
        AttesterState before,
        AppraisalPolicy? policy,
        AppraisalReference? reference,
        DateTimeOffset now) => throw new NotImplementedException();
}
