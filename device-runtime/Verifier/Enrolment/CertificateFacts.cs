using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Wire;

namespace TrustMesh.Verifier;

/// <summary>
/// What stands in a certificate of an endorsement key, for people. It says nothing of whether it is true: that is <see cref="EndorsementChain"/>'s. Texts are
/// at most 255 bytes without control characters (attack A44).
/// </summary>
/// <param name="Vendor">Of TCG's registry, from the alternative name (EK Credential Profile 3.2.9); null where there is none.</param>
/// <param name="Serial">Lower-case hex.</param>
/// <param name="Fingerprint">SHA-256 of the bytes as they came, lower-case hex.</param>
/// <param name="Problem">Why it cannot be read; null if it can.</param>
public sealed record CertificateFacts(string Subject, string Issuer, string? Vendor, string Serial, DateTimeOffset? NotBefore, DateTimeOffset? NotAfter, string Fingerprint, string? Problem)
{
    private const string AlternativeName = "2.5.29.17", Manufacturer = "2.23.133.2.1";

    /// <summary>Never throws: bytes that are no certificate become facts that say so.</summary>
    public static CertificateFacts Of(ReadOnlySpan<byte> bytes)
    {
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(bytes));
        try
        {
            using var read = EndorsementCertificate.Read(bytes);
            var certificate = read.Certificate;
            var serial = certificate.SerialNumberBytes.Span;
            return new(
                Grammar.Fit(certificate.Subject), Grammar.Fit(certificate.Issuer), Vendors(certificate), Convert.ToHexStringLower(serial[..Math.Min(serial.Length, 64)]),
                new(certificate.NotBefore.ToUniversalTime()), new(certificate.NotAfter.ToUniversalTime()), fingerprint, null);
        }
        // The platform reads names and dates of a certificate only when asked for them, and so may refuse them late.
        catch (Exception bad) when (bad is WireException or CryptographicException or ArgumentException)
        {
            return new("", "", null, "", null, null, fingerprint, Grammar.Fit(bad.Message));
        }
    }

    private static string? Vendors(X509Certificate2 certificate)
    {
        if (certificate.Extensions[AlternativeName] is not { } extension) return null;
        try
        {
            var names = new AsnReader(extension.RawData, AsnEncodingRules.BER).ReadSequence();
            while (names.HasData)
            {
                // GeneralName.directoryName (RFC 5280 4.2.1.6), explicit.
                if (!names.PeekTag().HasSameClassAndValue(new(TagClass.ContextSpecific, 4))) names.ReadEncodedValue();
                else if (VendorOf(names.ReadSequence(new(TagClass.ContextSpecific, 4, true)).ReadSequence()) is { } vendor) return vendor;
            }
            return null;
        }
        catch (Exception bad) when (bad is AsnContentException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static string? VendorOf(AsnReader name)
    {
        while (name.HasData)
        {
            for (var parts = name.ReadSetOf(skipSortOrderValidation: true); parts.HasData;)
            {
                var attribute = parts.ReadSequence();
                if (attribute.ReadObjectIdentifier() == Manufacturer) return TpmVendors.Name(attribute.ReadCharacterString((UniversalTagNumber)attribute.PeekTag().TagValue));
            }
        }
        return null;
    }
}
