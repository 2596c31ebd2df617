using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Wire;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Verifier;

/// <summary>
/// One certificate as a TPM holds it (TCG EK Credential Profile 2.5), read with the tolerance real vendors need; each tolerance that was
/// needed is named. Unverified.
/// </summary>
internal sealed class EndorsementCertificate : IDisposable
{
    private const string EkUsage = "2.23.133.8.1", SubjectAlternativeName = "2.5.29.17", AuthorityKeyId = "2.5.29.35";

    private EndorsementCertificate(X509Certificate2 certificate) => Certificate = certificate;

    public X509Certificate2 Certificate { get; }

    /// <summary>What was not as the standards have it and was accepted all the same.</summary>
    public List<string> Tolerated { get; } = [];

    /// <summary>Throws <see cref="WireException"/>. NV indices are larger than their certificate: 00 or ff behind it are padding.</summary>
    public static EndorsementCertificate Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Caps.Certificate) throw new WireException("certificate", 0, $"{bytes.Length} bytes, at most {Caps.Certificate} allowed");
        if (!AsnDecoder.TryReadEncodedValue(bytes, AsnEncodingRules.BER, out _, out _, out _, out var length)) throw new WireException("certificate", 0, "not ASN.1");
        var padding = bytes[length..];
        if (padding.ContainsAnyExcept(padding.IsEmpty ? (byte)0 : padding[0]) || padding is [not (0 or 0xff), ..]) throw new WireException("certificate", length, "bytes after it that are not padding");
        try
        {
            var read = new EndorsementCertificate(X509CertificateLoader.LoadCertificate(bytes[..length]));
            if (!padding.IsEmpty) read.Tolerated.Add($"{padding.Length} bytes of padding after the certificate");
            if (read.Certificate.SerialNumberBytes.Span is [>= 0x80, ..]) read.Tolerated.Add("a negative serial number");
            return read;
        }
        catch (CryptographicException bad)
        {
            throw new WireException("certificate", 0, $"not X.509: {bad.Message}");
        }
    }

    /// <summary>The first rule of the EK profile the certificate breaks, or null; what vendors are known to leave out is tolerated.</summary>
    public string? ProfileProblem()
    {
        var extensions = Certificate.Extensions;
        var constraints = extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault();
        if (constraints?.CertificateAuthority == true) return "a certificate of an authority";
        var usage = extensions.OfType<X509KeyUsageExtension>().FirstOrDefault();
        if (usage is null) Tolerated.Add("no key usage");
        else if ((usage.KeyUsages & (X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.KeyAgreement)) == 0) return $"key usage {usage.KeyUsages}";
        var extended = extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        if (extended is null) Tolerated.Add("no extended key usage");
        else if (!extended.EnhancedKeyUsages.Cast<Oid>().Any(one => one.Value == EkUsage)) return "an extended key usage without tcg-kp-EKCertificate";
        if (constraints is null) Tolerated.Add("no basic constraints");
        if (extensions[AuthorityKeyId] is null) Tolerated.Add("no authority key identifier");
        if (Certificate.SubjectName.RawData.Length <= 2 && extensions[SubjectAlternativeName] is not { Critical: true }) Tolerated.Add("an empty subject without a critical alternative name");
        return null;
    }

    /// <summary>True if the certificate is for exactly this key.</summary>
    public bool IsFor(TpmPublic key) => Certificate.PublicKey.EncodedKeyValue.RawData.AsSpan().SequenceEqual(key.PublicKeyBits());

    public void Dispose() => Certificate.Dispose();
}
