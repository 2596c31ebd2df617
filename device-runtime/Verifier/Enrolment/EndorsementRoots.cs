using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace TrustMesh.Verifier;

/// <summary>
/// The TPM vendors a mesh believes: certificates an operator configured. Roots end a chain, the
/// others only help to build it.
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

    /// <summary>Reads files of one list: self-issued certificates are roots, the others helpers. Throws <see cref="CryptographicException"/>.</summary>
    /// <param name="files">PEM (any number of certificates, other text between them) or DER.</param>
    public static EndorsementRoots Load(IEnumerable<ReadOnlyMemory<byte>> files)
    {
        var all = Read(files);
        return new([.. all.Where(IsSelfIssued)], [.. all.Where(one => !IsSelfIssued(one))]);
    }

    /// <summary>Reads files of two lists. Whatever is in the first is a root, also where a vendor calls a certificate so that somebody else
    /// issued (ST below GlobalSign, AMD Pluton).</summary>
    /// <inheritdoc cref="Load(IEnumerable{ReadOnlyMemory{byte}})"/>
    public static EndorsementRoots Load(IEnumerable<ReadOnlyMemory<byte>> roots, IEnumerable<ReadOnlyMemory<byte>> intermediates)
        => new([.. Read(roots)], [.. Read(intermediates)]);

    /// <summary>True if an operator configured exactly this certificate as a root.</summary>
    internal bool IsRoot(X509Certificate2 certificate)
        => Anchors.Any(one => one.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span));

    private static bool IsSelfIssued(X509Certificate2 certificate)
        => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    private static List<X509Certificate2> Read(IEnumerable<ReadOnlyMemory<byte>> files)
    {
        var found = new X509Certificate2Collection();
        foreach (var file in files)
        {
            if (file.Span.IndexOf("-----BEGIN CERTIFICATE-----"u8) >= 0) found.ImportFromPem(Encoding.Latin1.GetString(file.Span));
            else found.Add(X509CertificateLoader.LoadCertificate(file.Span));
        }
        return [.. found];
    }
}
