namespace TrustMesh.Contracts;

/// <summary>One certificate of an endorsement key's chain, as the device sent it.</summary>
/// <param name="Vendor">Who made the TPM, by the certificate; null where it does not say.</param>
/// <param name="Serial">Lower-case hex.</param>
/// <param name="Fingerprint">SHA-256 of the certificate, lower-case hex.</param>
/// <param name="Problem">Why it cannot be read; the other members then say nothing.</param>
public sealed record CertificateView(
    string Subject, string Issuer, string? Vendor, string Serial, DateTimeOffset? NotBefore, DateTimeOffset? NotAfter, string Fingerprint, string? Problem = null);
