using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TrustMesh.Verifier;

/// <summary>
/// The TPM vendors a mesh believes: certificates an operator configured. Self-issued ones are roots; the others only help to build chains.
/// Nothing of the machine's own trust store counts.
/// </summary>
public sealed class EndorsementRoots
{
    private EndorsementRoots(X509Certificate2Collection anchors, X509Certificate2Collection intermediates)
        => (Anchors, Intermediates) = (anchors, intermediates);

    /// <summary>No vendor is believed: every device then waits for an operator.</summary>
    public static EndorsementRoots None { get; } = new([], []);

    public int Count => Anchors.Count;

    internal X509Certificate2Collection Anchors { get; }

    internal X509Certificate2Collection Intermediates { get; }

    /// <summary>Reads PEM files (any number of certificates, other text between them) or DER. Throws <see cref="CryptographicException"/>.</summary>
    public static EndorsementRoots Load(IEnumerable<ReadOnlyMemory<byte>> files)
    {
        X509Certificate2Collection anchors = [], intermediates = [];
        foreach (var file in files)
        {
            var found = new X509Certificate2Collection();
            if (file.Span.IndexOf("-----BEGIN CERTIFICATE-----"u8) >= 0) found.ImportFromPem(System.Text.Encoding.Latin1.GetString(file.Span));
            else found.Add(X509CertificateLoader.LoadCertificate(file.Span));
            foreach (var certificate in found)
                (certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData) ? anchors : intermediates).Add(certificate);
        }
        return new(anchors, intermediates);
    }
}
