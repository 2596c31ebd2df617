using System.Formats.Asn1;
using System.Security.Cryptography;
using TrustMesh.Wire;

namespace TrustMesh.Verifier;

/// <summary>The signature of an X.509 certificate (RFC 5280 4.1.1), checked with a key instead of with an issuer's certificate.</summary>
internal static class SignedCertificate
{
    private const string EcdsaWithSha256 = "1.2.840.10045.4.3.2";

    /// <summary>True if the P-256 key signed the certificate with ECDSA and SHA-256; any other algorithm is refused.</summary>
    public static bool Verify(ReadOnlyMemory<byte> der, AttestationKey issuer)
    {
        if (issuer.KeyBits != 256) return false;
        try
        {
            var outer = new AsnReader(der, AsnEncodingRules.DER);
            var certificate = outer.ReadSequence();
            outer.ThrowIfNotEmpty();
            var signed = certificate.ReadEncodedValue();
            var algorithm = certificate.ReadSequence();
            var signature = certificate.ReadBitString(out var unused);
            if (algorithm.ReadObjectIdentifier() != EcdsaWithSha256 || unused != 0) return false;
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(issuer.SubjectPublicKeyInfo.Span, out _);
            return key.VerifyData(signed.Span, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (AsnContentException bad)
        {
            throw new WireException("certificate", 0, $"not DER: {bad.Message}");
        }
    }
}
