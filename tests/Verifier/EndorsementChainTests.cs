using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Verifier;

public sealed class EndorsementChainTests : IDisposable
{
    private readonly TestVendor vendor = new();

    [Fact]
    public void A_certificate_as_the_profile_has_it_is_endorsed_and_nothing_had_to_be_tolerated()
    {
        var result = Run([vendor.Endorse()], out var findings);
        Assert.True(result.Endorsed);
        Assert.Empty(result.Tolerated);
        Assert.Equal("CN=TPM, issued by CN=vendor issuer", result.Words);
        Assert.Equal(["ek.certificate", "ek.key", "ek.profile", "ek.chain", "ek.chain-algorithms"], findings.Select(one => one.Check));
    }

    [Fact]
    public void The_device_may_bring_the_issuer_itself()
        => Assert.True(EndorsementChain.Run(vendor.EndorsementKey, [vendor.Endorse(), vendor.Issuer], vendor.OnlyRoot, EvidenceCase.Now, out _).Endorsed);

    public static TheoryData<string, Func<TestVendor, byte[]>> Malformed => new()
    {
        { "300 bytes of padding after the certificate", vendor => [.. vendor.Endorse(), .. Enumerable.Repeat((byte)0xff, 300)] },
        { "3 bytes of padding after the certificate", vendor => [.. vendor.Endorse(), 0, 0, 0] },
        { "no extended key usage", vendor => vendor.Endorse(TestVendor.Without<X509EnhancedKeyUsageExtension>) },
        { "no key usage", vendor => vendor.Endorse(TestVendor.Without<X509KeyUsageExtension>) },
        { "no basic constraints", vendor => vendor.Endorse(TestVendor.Without<X509BasicConstraintsExtension>) },
        { "no authority key identifier", vendor => vendor.Endorse(TestVendor.Without<X509AuthorityKeyIdentifierExtension>) },
        { "critical extension 2.23.133.2.16", vendor => vendor.Endorse(request => request.CertificateExtensions.Add(new(TestVendor.TcgSpecification, [0x30, 0], true))) },
        { "critical extension 2.5.29.9", vendor => vendor.Endorse(request => request.CertificateExtensions.Add(new("2.5.29.9", [0x30, 0], true))) },
        { "a negative serial number", vendor => vendor.Resign(vendor.Endorse(), signed => Replace(signed, [2, 8, 0x7f], [2, 8, 0xff])) },
    };

    [Theory]
    [MemberData(nameof(Malformed), DisableDiscoveryEnumeration = true)]
    public void What_real_vendors_get_wrong_is_tolerated_and_named(string tolerance, Func<TestVendor, byte[]> make)
    {
        var result = Run([make(vendor)], out var findings);
        Assert.True(result.Endorsed, string.Join('\n', findings));
        Assert.Equal([tolerance], result.Tolerated);
        Assert.Contains(findings, one => one.Check == "ek.tolerated" && one.Got == tolerance);
    }

    public static TheoryData<string, string, Func<TestVendor, byte[]>> Wrong => new()
    {
        { "ek.certificate", "certificate at byte", vendor => [.. vendor.Endorse(), 1, 2, 3] },
        { "ek.certificate", "certificate at byte 0: not ASN.1", _ => [] },
        { "ek.certificate", "certificate at byte 0: not X.509", _ => [0x30, 3, 2, 1, 5] },
        { "ek.certificate", "certificate at byte 0: 8193 bytes", _ => new byte[8193] },
        { "ek.profile", "a certificate of an authority", vendor => vendor.Endorse(request =>
            { TestVendor.Without<X509BasicConstraintsExtension>(request); request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true)); }) },
        { "ek.profile", "key usage DigitalSignature", vendor => vendor.Endorse(request =>
            { TestVendor.Without<X509KeyUsageExtension>(request); request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true)); }) },
        { "ek.profile", "an extended key usage without tcg-kp-EKCertificate", vendor => vendor.Endorse(request =>
            { TestVendor.Without<X509EnhancedKeyUsageExtension>(request); request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false)); }) },
        { "ek.chain", "NotTimeValid", vendor => vendor.Endorse(until: EvidenceCase.Now.AddHours(-1)) },
        { "ek.chain", "HasNotSupportedCriticalExtension", vendor => vendor.Endorse(request => request.CertificateExtensions.Add(new("1.2.3.4", [5, 0], true))) },
        { "ek.chain", "NotSignatureValid", vendor => { var der = vendor.Endorse(); der[^1] ^= 1; return der; } },
        { "ek.chain", "NotSignatureValid", vendor => vendor.Endorse(by: ECDsa.Create(ECCurve.NamedCurves.nistP256)) },
        { "ek.chain", "a certificate the platform can not verify", vendor => vendor.Resign(vendor.Endorse(), signed =>
            Replace(signed, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1], [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 7])) },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void What_is_wrong_with_a_certificate_fails(string check, string got, Func<TestVendor, byte[]> make)
    {
        var result = Run([make(vendor)], out var findings);
        Assert.False(result.Endorsed);
        var finding = Assert.Single(findings, one => one.Outcome != Outcome.Pass);
        Assert.Equal((check, Outcome.Fail), (finding.Check, finding.Outcome));
        Assert.StartsWith(got, finding.Got, StringComparison.Ordinal);
    }

    [Fact]
    public void A17_A_certificate_signed_with_SHA1_fails()
    {
        Run([vendor.Endorse(sha1: true)], out var findings);
        Assert.Contains(findings, one => one is { Check: "ek.chain-algorithms", Outcome: Outcome.Fail });
    }

    [Fact]
    public void A13_A_certificate_for_another_key_fails()
    {
        using var other = new TestVendor();
        EndorsementChain.Run(other.EndorsementKey, [vendor.Endorse()], vendor.Roots, EvidenceCase.Now, out var findings);
        Assert.Equal("ek.key", Assert.Single(findings, one => one.Outcome != Outcome.Pass).Check);
    }

    [Fact]
    public void A_vendor_nobody_configured_is_not_compared_and_not_endorsed()
    {
        using var other = new TestVendor();
        var result = EndorsementChain.Run(vendor.EndorsementKey, [vendor.Endorse(), vendor.Issuer], other.Roots, EvidenceCase.Now, out var findings);
        Assert.False(result.Endorsed);
        Assert.DoesNotContain(findings, one => one.Outcome == Outcome.Fail && one.Check != "ek.chain");
    }

    [Fact]
    public void A_chain_longer_than_its_authorities_allow_fails()
    {
        var issuer = vendor.AnotherIssuer(out var key);
        var certificate = vendor.Endorse(TestVendor.Without<X509AuthorityKeyIdentifierExtension>, by: key, issuerName: "CN=issuer's issuer");
        key.Dispose();
        Run([certificate, issuer], out var findings);
        Assert.Equal(("ek.chain", Outcome.Fail), findings.Where(one => one.Outcome != Outcome.Pass).Select(one => (one.Check, one.Outcome)).Single());
        Assert.Equal("InvalidBasicConstraints", findings[0].Got);
    }

    [Fact]
    public void A42_More_than_eight_certificates_fail()
    {
        Run([.. Enumerable.Repeat<ReadOnlyMemory<byte>>(vendor.Endorse(), 9)], out var findings);
        Assert.Equal("ek.certificate", Assert.Single(findings).Check);
    }

    [Theory]
    [InlineData(0x01)]
    [InlineData(0x80)]
    public void A15_No_flipped_bit_of_a_certificate_is_endorsed(byte bit)
    {
        var certificate = vendor.Endorse();
        for (var at = 0; at < certificate.Length; at++)
        {
            certificate[at] ^= bit;
            var result = Run([certificate], out var findings);
            Assert.False(result.Endorsed, $"byte {at}");
            Assert.Contains(findings, one => one.Outcome != Outcome.Pass);
            certificate[at] ^= bit;
        }
        Assert.True(Run([certificate], out _).Endorsed);
    }

    [Fact]
    public void No_certificate_is_not_compared()
    {
        Assert.False(Run([], out var findings).Endorsed);
        Assert.Equal(("ek.certificate", Outcome.NotCompared), (findings[0].Check, findings[0].Outcome));
    }

    public void Dispose() => vendor.Dispose();

    private EndorsementResult Run(IReadOnlyList<ReadOnlyMemory<byte>> certificates, out IReadOnlyList<Finding> findings)
        => EndorsementChain.Run(vendor.EndorsementKey, certificates, vendor.Roots, EvidenceCase.Now, out findings);

    private static byte[] Replace(byte[] bytes, byte[] what, byte[] with)
    {
        var at = bytes.AsSpan().IndexOf(what);
        Assert.True(at >= 0);
        with.CopyTo(bytes, at);
        return bytes;
    }
}
