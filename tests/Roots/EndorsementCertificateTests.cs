using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Roots.Tpm;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Roots;

/// <summary>Certificates as vendors leave them in NV: padded, chained, or of another key.</summary>
public sealed class EndorsementCertificateTests : IDisposable
{
    private readonly Swtpm swtpm = Swtpm.Start();

    [Fact]
    public void Padding_after_a_certificate_is_cut_off()
    {
        var certificate = Certificate(Own("ecc-p256"));
        Define("0x01c0000a", [.. certificate, .. Enumerable.Repeat((byte)0xff, 900)]);
        using var root = TpmRoot.Open(swtpm.Settings(), TimeProvider.System);
        Assert.Equal(certificate, Assert.Single(root.Certificates).ToArray());
    }

    [Fact]
    public void A_chain_split_over_indices_follows_the_leaf()
    {
        var leaf = Certificate(Own("ecc-p256"));
        byte[] first = Certificate(Stranger()), second = Certificate(Stranger()), both = [.. first, .. second, 0, 0, 0];
        Define("0x01c0000a", leaf);
        Define("0x01c00100", both[..600]);
        Define("0x01c00101", both[600..]);
        using var root = TpmRoot.Open(swtpm.Settings(), TimeProvider.System);
        Assert.Equal([leaf, first, second], root.Certificates.Select(c => c.ToArray()));
    }

    [Fact]
    public void A_certificate_of_another_key_is_not_ours_and_the_next_key_with_one_is_chosen()
    {
        Define("0x01c0000a", Certificate(Stranger()));
        var rsa = Certificate(Own("rsa-2048"));
        Define("0x01c00002", rsa);
        using var root = TpmRoot.Open(swtpm.Settings(), TimeProvider.System);
        Assert.Equal(TpmAlg.Rsa, TpmPublic.Decode(root.RootPublic).Type);
        Assert.Equal(rsa, Assert.Single(root.Certificates).ToArray());
    }

    [Fact]
    public void The_choice_of_the_first_start_is_kept_when_a_better_certificate_appears()
    {
        Define("0x01c00002", Certificate(Own("rsa-2048")));
        string device;
        using (var root = TpmRoot.Open(swtpm.Settings(), TimeProvider.System)) device = root.Device.Text;
        Define("0x01c0000a", Certificate(Own("ecc-p256")));
        using var again = TpmRoot.Open(swtpm.Settings(), TimeProvider.System);
        Assert.Equal(device, again.Device.Text);
    }

    [Fact]
    public void An_index_that_was_never_written_or_holds_no_certificate_is_no_certificate()
    {
        swtpm.Tool("tpm2_nvdefine", "0x01c0000a", "-C", "o", "-s", "64", "-a", "ownerread|ownerwrite|authread");
        Define("0x01c00016", new byte[64]);
        using var root = TpmRoot.Open(swtpm.Settings(), TimeProvider.System);
        Assert.Empty(root.Certificates);
        Assert.Equal(TpmCurve.P256, TpmPublic.Decode(root.RootPublic).Curve);
    }

    [Fact]
    public void Another_endorsement_key_in_the_settings_does_not_silently_change_the_identity()
    {
        TpmRoot.Open(swtpm.Settings("ecc-p256"), TimeProvider.System).Dispose();
        Assert.Contains("enrolled with its ecc-p256", Assert.Throws<TrustMesh.Roots.RootException>(() => TpmRoot.Open(swtpm.Settings("rsa-2048"), TimeProvider.System)).Message);
    }

    [Fact]
    public void Key_files_of_another_TPM_are_refused()
    {
        TpmRoot.Open(swtpm.Settings(), TimeProvider.System).Dispose();
        using var other = Swtpm.Start();
        var moved = swtpm.Settings() with { Tpm = other.Address };
        Assert.Contains("another TPM", Assert.Throws<TrustMesh.Roots.RootException>(() => TpmRoot.Open(moved, TimeProvider.System)).Message);
    }

    [Fact]
    public void A_persistent_endorsement_key_is_used_instead_of_made_again()
    {
        swtpm.Tool("tpm2_createek", "-G", "rsa", "-c", "0x81010001", "-u", "ek.pub", "-f", "tss");
        swtpm.Tool("tpm2_flushcontext", "-t");
        var channel = new FaultyChannel(swtpm.Address);
        using var root = TpmRoot.Open(swtpm.Settings("rsa-2048"), channel, TimeProvider.System);
        Assert.DoesNotContain(TpmCommandCode.CreatePrimary, channel.Asked);
        Assert.Equal(TpmPublic.DecodeEither(swtpm.File("ek.pub")).Bytes.ToArray(), root.RootPublic.ToArray());
    }

    public void Dispose() => swtpm.Dispose();

    /// <summary>The TPM's own endorsement key as a certificate's subject.</summary>
    private PublicKey Own(string setting)
    {
        using var tpm = new TpmDevice(TpmChannel.Open(swtpm.Address), TimeProvider.System);
        using var key = EndorsementKey.Load(tpm, EndorsementTemplate.All.First(t => t.Setting == setting));
        return PublicKey.CreateFromSubjectPublicKeyInfo(key.Public.ToSubjectPublicKeyInfo(), out _);
    }

    private static PublicKey Stranger()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new PublicKey(key);
    }

    private static byte[] Certificate(PublicKey subject)
    {
        using var issuer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName("CN=Vendor TPM"), subject, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension("1.2.3.4", new byte[200], critical: false));
        var from = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var certificate = request.Create(new X500DistinguishedName("CN=Vendor"), X509SignatureGenerator.CreateForECDsa(issuer), from, from.AddYears(10), [1]);
        return certificate.RawData;
    }

    private void Define(string index, byte[] content)
    {
        File.WriteAllBytes(swtpm.PathOf("index"), content);
        swtpm.Tool("tpm2_nvdefine", index, "-C", "o", "-s", $"{content.Length}", "-a", "ownerread|ownerwrite|authread");
        swtpm.Tool("tpm2_nvwrite", index, "-C", "o", "-i", "index");
    }
}
