namespace TrustMesh.Contracts;

/// <summary>Something signed that ends.</summary>
/// <param name="What">authority, devices, operators (certificates); policy, references, status-list.</param>
/// <param name="Subject">Of the certificate, or which statement it is.</param>
/// <param name="Names">Host names and addresses the certificate is for; none where it is for none.</param>
/// <param name="Fingerprint">SHA-256 of the certificate, hex; null for a statement.</param>
/// <param name="Renewal">How it is renewed, and by whom, in words.</param>
/// <param name="Setting">What changes it: an option of the silo, or a command; null if nothing does.</param>
public sealed record DatedView(string What, string Subject, IReadOnlyList<string> Names, DateTimeOffset? NotBefore, DateTimeOffset NotAfter, string? Fingerprint, string Renewal, string? Setting = null)
{
    /// <summary>How long before its end it ends soon: what is renewed every few hours never does.</summary>
    public TimeSpan SoonBefore() => What == "status-list" ? TimeSpan.Zero : Validity.CertificateSoon;
}
