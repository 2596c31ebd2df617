using System.Security.Cryptography.X509Certificates;
using System.Text;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Vectors;

/// <summary>The certificates of real TPM vendors (github.com/loicsikidi/tpm-ca-certificates): 26 roots and 96 intermediates.</summary>
public sealed class VendorCertificateTests
{
    private static readonly DateTimeOffset At = new(2026, 4, 11, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_certificate_is_read()
    {
        Assert.Equal(26, EndorsementRoots.Load([Pem("tpm-roots.pem")], []).Count);
        Assert.Equal(96, Intermediates().Count);
    }

    [Fact]
    public void Three_vendors_call_root_what_others_issued_and_only_the_list_of_roots_makes_it_one()
        => Assert.Equal(23, EndorsementRoots.Load([Pem("tpm-roots.pem")]).Count);

    [Fact]
    public void Every_intermediate_leads_to_its_vendors_root()
    {
        var roots = EndorsementRoots.Load([Pem("tpm-roots.pem")], [Pem("tpm-intermediates.pem")]);
        Assert.All(Intermediates(), certificate => Assert.DoesNotContain(VendorChain.Run([certificate.RawData], roots, At), one => one.Outcome != Outcome.Pass));
    }

    [Fact]
    public void An_intermediate_leads_nowhere_without_its_vendors_root()
    {
        var roots = EndorsementRoots.Load([], [Pem("tpm-intermediates.pem")]);
        Assert.All(Intermediates(), certificate => Assert.Equal(("ek.chain", Outcome.NotCompared),
            VendorChain.Run([certificate.RawData], roots, At).Where(one => one.Outcome != Outcome.Pass).Select(one => (one.Check, one.Outcome)).Single()));
    }

    [Fact]
    public void No_intermediate_is_in_force_for_ever()
    {
        var roots = EndorsementRoots.Load([Pem("tpm-roots.pem")], [Pem("tpm-intermediates.pem")]);
        var late = new DateTimeOffset(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Contains(Intermediates(), certificate => VendorChain.Run([certificate.RawData], roots, late)[0] is { Check: "ek.chain", Outcome: Outcome.Fail, Got: "NotTimeValid" });
    }

    private static X509Certificate2Collection Intermediates()
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(Encoding.Latin1.GetString(Pem("tpm-intermediates.pem")));
        return certificates;
    }

    private static byte[] Pem(string name) => File.ReadAllBytes(Repository.Vector("loicsikidi-tpm-ca-certificates", name));
}
