namespace TrustMesh.Contracts;

/// <summary>Who answers for a device's TPM.</summary>
/// <param name="Verified">When it joined, a vendor the silo was configured to believe answered for exactly this endorsement key.</param>
/// <param name="Words">Subject and issuer, or why there is nobody.</param>
/// <param name="Tolerated">What is not as the standards have it and was accepted, as real vendors do so.</param>
/// <param name="Certificates">The endorsement key's first.</param>
/// <param name="At">When it was looked at.</param>
public sealed record EndorsementView(bool Verified, string Words, IReadOnlyList<string> Tolerated, IReadOnlyList<CertificateView> Certificates, DateTimeOffset At);
