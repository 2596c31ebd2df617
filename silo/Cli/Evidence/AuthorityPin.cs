using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Cli.Api;
using TrustMesh.Wire;

namespace TrustMesh.Cli.Evidence;

/// <summary>SHA-256 (32 bytes) of the SubjectPublicKeyInfo of a mesh authority: what join tokens pin and what makes a bundle ours.</summary>
internal static class AuthorityPin
{
    private const int LargestPem = 64 * 1024;

    /// <summary>64 hex digits, or the name of a PEM file with a certificate or a public key.</summary>
    public static byte[] Parse(string text)
    {
        if (text.Length == 2 * Caps.Hash && text.All(char.IsAsciiHexDigit)) return Convert.FromHexString(text);
        var file = new FileInfo(text);
        if (!file.Exists) throw Wrong(text, "it is neither 64 hex digits nor a file", null);
        var pem = System.Text.Encoding.UTF8.GetString(Arguments.ReadBounded(file, LargestPem));
        try
        {
            var fields = PemEncoding.Find(pem);
            var der = Convert.FromBase64String(pem[fields.Base64Data]);
            return pem[fields.Label] switch
            {
                "PUBLIC KEY" => SHA256.HashData(der),
                "CERTIFICATE" => OfCertificate(der),
                var label => throw Wrong(text, $"it holds a {label}", null),
            };
        }
        catch (Exception bad) when (bad is ArgumentException or FormatException or CryptographicException)
        {
            throw Wrong(text, "the PEM in it cannot be read", bad);
        }
    }

    /// <summary>The authorities of the silos signed in to.</summary>
    public static IReadOnlyList<byte[]> Known(SavedSessions sessions)
        => [.. sessions.Silos.Values.Select(one => one.Authority).OfType<string>().Distinct().Select(Convert.FromHexString)];

    private static byte[] OfCertificate(byte[] der)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(der);
        return SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo());
    }

    private static CommandFailure Wrong(string text, string why, Exception? cause)
        => new(ExitCode.Usage, $"'{text}' does not name a mesh authority: {why}.", "Give the hex that trustmesh mesh show prints, or the authority's certificate.", cause);
}
