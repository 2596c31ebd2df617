using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Roots;
using TrustMesh.Roots.Pkcs11;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Roots;

/// <summary>A token of SoftHSM as root of trust, looked at with somebody else's tools.</summary>
[Collection(SoftHsmCollection.Name)]
public sealed class Pkcs11RootTests(SoftHsm hsm) : IdentityKeyConformance
{
    private readonly SoftToken token = hsm.NewToken();

    protected override RootSettings Settings => token.Settings();

    protected override bool RemembersInHardware => true;

    [Fact]
    public void The_identity_key_is_made_in_the_token_and_can_not_leave_it()
    {
        using var root = Open();
        Assert.Equal((RootKind.Pkcs11, AssuranceTier.HardwareKey), (root.Kind, root.Tier));
        Assert.Equal(TokenKeyAttributes.Local | TokenKeyAttributes.AlwaysSensitive | TokenKeyAttributes.NeverExtractable | TokenKeyAttributes.Sensitive | TokenKeyAttributes.KeyGenerated, root.Facts!.Attributes);
        Assert.Equal(("SoftHSM project", "SoftHSM v2"), (root.Facts.Manufacturer, root.Facts.Model));
        Assert.Matches("^[0-9a-f]{16}$", root.Facts.SerialNumber);
        Assert.Contains(token.Label, root.Description);
        var seen = token.Tool("--list-objects", "--type", "privkey");
        foreach (var word in (string[])["EC", "label:      trustmesh", "sensitive", "always sensitive", "never extractable", "local", "sign"]) Assert.Contains(word, seen);
        Assert.DoesNotContain("derive", seen);
        Assert.DoesNotContain(" extractable", seen.Replace("never extractable", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Other_tools_read_the_same_public_key_and_verify_what_it_signs()
    {
        using var root = Open();
        token.Tool("--read-object", "--type", "pubkey", "--label", "trustmesh", "--output-file", token.PathOf("public.der"));
        Assert.Equal(root.RootPublic.ToArray(), File.ReadAllBytes(token.PathOf("public.der")));
        var evidence = root.Prove(Drafts.For(root, new byte[32]));
        var statement = TrustMesh.Wire.Cose.CoseSign1.Decode(evidence.Token!.Value);
        File.WriteAllBytes(token.PathOf("digest"), SHA256.HashData(statement.ToBeSigned.Span));
        File.WriteAllBytes(token.PathOf("signature"), statement.Signature.ToArray());
        var said = token.Tool("--verify", "--mechanism", "ECDSA", "--label", "trustmesh", "--input-file", token.PathOf("digest"), "--signature-file", token.PathOf("signature"));
        Assert.Contains("Signature is valid", said);
    }

    [Fact]
    public void A_key_that_an_operator_made_in_the_token_is_taken()
    {
        token.Tool("--keypairgen", "--key-type", "EC:prime256v1", "--label", "trustmesh", "--id", "42", "--sensitive");
        using var root = Open();
        Assert.Single(token.Tool("--list-objects", "--type", "privkey").Split("Private Key Object")[1..]);
        Assert.True(root.Facts!.Attributes.HasFlag(TokenKeyAttributes.NeverExtractable));
    }

    [Fact]
    public void Two_keys_with_the_label_are_an_error_that_lists_them()
    {
        foreach (var id in (string[])["41", "42"]) token.Tool("--keypairgen", "--key-type", "EC:prime256v1", "--label", "trustmesh", "--id", id, "--sensitive");
        var refused = Assert.Throws<RootException>(() => Open()).Message;
        foreach (var word in (string[])["2 keys", "41", "42", "keyLabel"]) Assert.Contains(word, refused);
    }

    [Fact]
    public void A_key_of_another_curve_is_refused()
    {
        token.Tool("--keypairgen", "--key-type", "EC:secp384r1", "--label", "trustmesh", "--id", "42", "--sensitive");
        Assert.Contains("not P-256", Assert.Throws<RootException>(() => Open()).Message);
    }

    [Fact]
    public void A_certificate_with_the_keys_id_is_handed_out_and_one_of_another_key_is_not()
    {
        byte[] spki;
        using (var root = Open())
        {
            Assert.Empty(root.Certificates);
            spki = root.RootPublic.ToArray();
        }
        var id = System.Text.RegularExpressions.Regex.Match(token.Tool("--list-objects", "--type", "privkey"), "ID: +(?<id>[0-9a-f]+)").Groups["id"].Value;
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        WriteCertificate(id, stranger.ExportSubjectPublicKeyInfo());
        using (var root = Open()) Assert.Empty(root.Certificates);
        var own = WriteCertificate(id, spki);
        using var again = Open();
        Assert.Equal(own, again.Certificates[0].ToArray());
    }

    [Fact]
    public void Two_tokens_that_could_be_meant_are_an_error_that_lists_them()
    {
        using var twin = hsm.NewToken(token.Label);
        var refused = Assert.Throws<RootException>(() => Open()).Message;
        Assert.Contains("2 tokens", refused);
        Assert.Equal(2, refused.Split($"\"{token.Label}\" (serial").Length - 1);
        string serial = System.Text.RegularExpressions.Regex.Match(refused, "serial (?<serial>[0-9a-f]{16})").Groups["serial"].Value;
        using (var named = RootOfTrust.Open(Settings with { Pkcs11 = Settings.Pkcs11! with { Token = serial } }, TimeProvider.System)) Assert.Equal(serial, named.Facts!.SerialNumber);
        hsm.TryTool("softhsm2-util", "--delete-token", "--serial", serial);
    }

    [Fact]
    public void A_token_that_is_not_there_is_named_with_those_that_are()
    {
        var refused = Assert.Throws<RootException>(() => RootOfTrust.Open(Settings with { Pkcs11 = Settings.Pkcs11! with { Token = "elsewhere" } }, TimeProvider.System)).Message;
        Assert.Contains("\"elsewhere\"", refused);
        Assert.Contains(token.Label, refused);
    }

    [Theory]
    [InlineData("/usr/lib/no-such-module.so", "There is no PKCS#11 module")]
    [InlineData("/etc/passwd", "can not be loaded")]
    [InlineData("libc.so.6", "no C_GetFunctionList")]
    public void What_is_no_module_is_said_so(string file, string expected)
    {
        if (!Path.IsPathFullyQualified(file)) file = Directory.EnumerateFiles("/lib", file, new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }).First();
        Assert.Contains(expected, Assert.Throws<RootException>(() => RootOfTrust.Open(Settings with { Pkcs11 = Settings.Pkcs11! with { Module = file } }, TimeProvider.System)).Message);
    }

    [Fact]
    public void Two_devices_may_share_a_token_under_two_labels()
    {
        using var first = Open();
        using var second = RootOfTrust.Open(token.Settings("other") with { StateDirectory = token.PathOf("other") }, TimeProvider.System);
        Assert.NotEqual(first.Device, second.Device);
        second.Remember(SessionSpki);
        Assert.Null(first.Recall());
        // The module is one per process: the end of one root is not the end of the other.
        second.Dispose();
        Assert.NotNull(first.Prove(Drafts.For(first, new byte[32])).Token);
    }

    public override void Dispose() => token.Dispose();

    private byte[] WriteCertificate(string id, byte[] spki)
    {
        using var issuer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName("CN=Token key"), PublicKey.CreateFromSubjectPublicKeyInfo(spki, out _), HashAlgorithmName.SHA256);
        var from = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var certificate = request.Create(new X500DistinguishedName("CN=Vendor"), X509SignatureGenerator.CreateForECDsa(issuer), from, from.AddYears(10), RandomNumberGenerator.GetBytes(8));
        File.WriteAllBytes(token.PathOf("certificate"), certificate.RawData);
        token.Tool("--write-object", token.PathOf("certificate"), "--type", "cert", "--id", id, "--label", "trustmesh");
        return certificate.RawData;
    }
}
