using System.Security.Cryptography.X509Certificates;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;

namespace TrustMesh.Tests.Verifier;

/// <summary>What people are told of an endorsement key's certificates, however these were made.</summary>
public sealed class CertificateFactsTests
{
    [Theory]
    [InlineData("id:49465800", "Infineon")]
    [InlineData("id:4E544300", "Nuvoton")]
    [InlineData("id:00001014", "IBM (software TPM)")]
    [InlineData("id:41424344", "id:41424344")]
    [InlineData("id:4E5443", "id:4E5443")]
    [InlineData("id:zzzzzzzz", "id:zzzzzzzz")]
    [InlineData("id:00000000", "id:00000000")]
    [InlineData("somebody", "somebody")]
    public void Says_who_made_the_tpm_where_the_certificate_does(string manufacturer, string vendor)
    {
        using var maker = new TestVendor();
        var facts = CertificateFacts.Of(maker.Endorse(request => request.CertificateExtensions.Add(AlternativeName(manufacturer))));
        Assert.Equal((vendor, "CN=TPM", "CN=vendor issuer", "7f01020304050607", null), (facts.Vendor, facts.Subject, facts.Issuer, facts.Serial, facts.Problem));
    }

    [Fact]
    public void Says_nothing_of_a_vendor_where_nothing_stands()
    {
        using var maker = new TestVendor();
        Assert.Null(CertificateFacts.Of(maker.Endorse()).Vendor);
        Assert.Null(CertificateFacts.Of(maker.Endorse(request => request.CertificateExtensions.Add(new X509Extension("2.5.29.17", [0x30, 0x05, 1, 2, 3], false)))).Vendor);
    }

    [Fact]
    public void A44_Bytes_that_are_no_certificate_become_words_and_never_more()
    {
        using var maker = new TestVendor();
        var good = maker.Endorse(request => request.CertificateExtensions.Add(AlternativeName("id:49465800")));
        var random = new Random(5);
        for (var i = 0; i < 2_000; i++)
        {
            var bytes = good.ToArray();
            for (var changes = random.Next(1, 6); changes > 0; changes--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var facts = CertificateFacts.Of(bytes.AsSpan(0, i % 3 == 0 ? random.Next(bytes.Length) : bytes.Length));
            Assert.True(facts.Problem is not null || facts.Subject.Length <= 255, "either it is read or it says why not");
        }
        Assert.NotNull(CertificateFacts.Of([]).Problem);
        Assert.NotNull(CertificateFacts.Of(new byte[20_000]).Problem);
    }

    private static X509Extension AlternativeName(string manufacturer)
    {
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(new(System.Formats.Asn1.TagClass.ContextSpecific, 4)))
        using (writer.PushSequence())
        using (writer.PushSetOf())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("2.23.133.2.1");
            writer.WriteCharacterString(System.Formats.Asn1.UniversalTagNumber.UTF8String, manufacturer);
        }
        return new("2.5.29.17", writer.Encode(), true);
    }
}
