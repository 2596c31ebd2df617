using System.Formats.Asn1;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Roots.Tpm;

/// <summary>EK certificates and their issuers as a vendor left them in NV (EK Credential Profile 2.2.1.4 and 2.2.1.5). Nothing is
/// verified here: that is the silo's business.</summary>
public static class EndorsementCertificates
{
    private const uint ChainFirst = 0x01c00100, ChainLast = 0x01c001ff;

    /// <summary>PROTOCOL.md section 1: no more than 8 certificates of 8 KiB travel.</summary>
    private const int MaxCount = 8, MaxSize = 8 * 1024;

    /// <summary>The certificate of an endorsement key, leaf first, then whatever chain the TPM holds; empty where there is none for
    /// exactly this key.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Read(TpmDevice tpm, EndorsementTemplate template, TpmPublic key)
    {
        if (tpm.NvRead(template.CertificateIndex) is not { } content) return [];
        var found = Split(content);
        // Only chooses: vendors' encodings of the same key differ (RSAES-OAEP), so the key's bits are looked for.
        var bits = key.Type == TpmAlg.Rsa ? key.Modulus : key.PublicKeyBits();
        if (found.Count == 0 || found[0].Span.IndexOf(bits.Span) < 0) return [];

        var chain = new List<byte>();
        foreach (var index in tpm.Handles(ChainFirst).TakeWhile(h => h <= ChainLast))
            if (tpm.NvRead(index) is { } part) chain.AddRange(part);
        return [found[0], .. Split(chain.ToArray()).Take(MaxCount - 1)];
    }

    /// <summary>Certificates one after the other; NV indices are larger than what they hold, so what follows the last one is padding.</summary>
    internal static IReadOnlyList<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> content)
    {
        var certificates = new List<ReadOnlyMemory<byte>>();
        while (!content.IsEmpty && content.Span[0] == 0x30
            && AsnDecoder.TryReadEncodedValue(content.Span, AsnEncodingRules.BER, out _, out _, out _, out var length) && length is > 4 and <= MaxSize)
        {
            certificates.Add(content[..length]);
            content = content[length..];
        }
        return certificates;
    }
}
