using System.Security.Cryptography;
using TrustMesh.Roots.Tpm;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Interop;

/// <summary>tpm2-tools and TrustMesh on one TPM: what one makes, the other must take.</summary>
public sealed class TpmToolsTests : IDisposable
{
    private readonly Swtpm swtpm = Swtpm.Start();

    [Theory]
    [InlineData("ecc", "ecdsa")]
    [InlineData("rsa", "rsassa")]
    [InlineData("rsa", "rsapss")]
    public void A_quote_by_tpm2_quote_is_read_to_the_last_byte_and_verifies(string algorithm, string scheme)
    {
        swtpm.Tool("tpm2_pcrextend", "13:sha256=" + new string('a', 64));
        swtpm.Tool("tpm2_createek", "-G", "ecc", "-c", "ek.ctx");
        swtpm.Tool("tpm2_createak", "-C", "ek.ctx", "-G", algorithm, "-g", "sha256", "-s", scheme, "-c", "ak.ctx", "-u", "ak.pub", "-f", "tss");
        swtpm.Tool("tpm2_flushcontext", "-t");
        swtpm.Tool("tpm2_quote", "-c", "ak.ctx", "-l", "sha256:0,7,13", "-q", "00112233445566778899", "-g", "sha256", "-m", "message", "-s", "signature", "--scheme", scheme);
        swtpm.Tool("tpm2_flushcontext", "-t");
        swtpm.Tool("tpm2_pcrread", "sha256:0,7,13", "-o", "values");

        var attest = TpmAttest.Decode(swtpm.File("message"));
        Assert.Equal((TpmAttest.Generated, TpmAttest.Quote), (attest.Magic, attest.Type));
        Assert.Equal("00112233445566778899", Convert.ToHexStringLower(attest.ExtraData.Span));
        Assert.Equal([0, 7, 13], Assert.Single(attest.Selections).Pcrs);
        Assert.Equal(SHA256.HashData(swtpm.File("values")), attest.PcrDigest.ToArray());
        Assert.True(Verifies(TpmPublic.DecodeEither(swtpm.File("ak.pub")), swtpm.File("message"), swtpm.File("signature")));
    }

    [Fact]
    public void Our_quote_is_accepted_by_tpm2_checkquote_and_no_changed_one_is()
    {
        using (var root = TpmRoot.Open(swtpm.Settings(), TimeProvider.System))
        {
            root.Extend(SHA256.HashData([1]));
            var quote = root.Prove(Drafts.For(root, RandomNumberGenerator.GetBytes(32))).Quote!;
            File.WriteAllBytes(swtpm.PathOf("ak.pub"), new TpmWriter().Sized(root.AttestationKey.Span).ToArray());
            File.WriteAllBytes(swtpm.PathOf("message"), quote.Attest.ToArray());
            File.WriteAllBytes(swtpm.PathOf("signature"), quote.Signature.ToArray());
            File.WriteAllBytes(swtpm.PathOf("values"), [.. quote.Values.SelectMany(v => v.Value.ToArray())]);
        }
        var nonce = Convert.ToHexStringLower(TpmAttest.Decode(swtpm.File("message")).ExtraData.Span);
        (int Code, string, string) Check(string qualification) => Command.Run(swtpm.Folder, "tpm2_checkquote", "-u", "ak.pub", "-m", "message",
            "-s", "signature", "-f", "values", "-l", "sha256:0,7,13", "-g", "sha256", "-q", qualification);

        Assert.Equal(0, Check(nonce).Code);
        Assert.NotEqual(0, Check((nonce[0] == '0' ? "1" : "0") + nonce[1..]).Code);
        foreach (var name in (string[])["message", "signature", "values"])
        {
            var bytes = swtpm.File(name);
            bytes[^1] ^= 1;
            File.WriteAllBytes(swtpm.PathOf(name), bytes);
            Assert.NotEqual(0, Check(nonce).Code);
            bytes[^1] ^= 1;
            File.WriteAllBytes(swtpm.PathOf(name), bytes);
        }
        Assert.Equal(0, Check(nonce).Code);
    }

    [Theory]
    [InlineData("ecc-p256", "ecc")]
    [InlineData("ecc-p384", "ecc384")]
    [InlineData("rsa-2048", "rsa")]
    public void Our_endorsement_key_is_the_one_tpm2_createek_makes(string setting, string algorithm)
    {
        swtpm.Tool("tpm2_createek", "-G", algorithm, "-c", "ek.ctx", "-u", "ek.pub", "-f", "tss");
        swtpm.Tool("tpm2_flushcontext", "-t");
        using var root = TpmRoot.Open(swtpm.Settings(setting), TimeProvider.System);
        Assert.Equal(TpmPublic.DecodeEither(swtpm.File("ek.pub")).Bytes.ToArray(), root.RootPublic.ToArray());
    }

    /// <summary>Not with tpm2_createek -t: 5.4 copies a pointer instead of the nonce.</summary>
    [Theory]
    [InlineData("ecc256", 0x01c0000a)]
    [InlineData("rsa2048", 0x01c00002)]
    public void An_endorsement_key_with_a_vendors_nonce_and_template_is_the_one_tpm2_createprimary_makes(string algorithm, uint certificate)
    {
        var template = EndorsementTemplate.All.First(t => t.CertificateIndex == certificate);
        var nonce = RandomNumberGenerator.GetBytes(20);
        // The tool takes its own structure as it lies in memory: little-endian sizes, X in a buffer of 128 bytes.
        byte[] unique = algorithm == "rsa2048" ? [0, 1, .. nonce, .. new byte[236]] : [32, 0, .. nonce, .. new byte[108], 32, 0, .. new byte[32]];
        File.WriteAllBytes(swtpm.PathOf("unique"), unique);
        File.WriteAllBytes(swtpm.PathOf("policy"), EndorsementPolicy.A(TpmAlg.Sha256).ToArray());
        swtpm.Tool("tpm2_createprimary", "-C", "e", "-g", "sha256", "-G", algorithm + ":aes128cfb", "-L", "policy", "-u", "unique",
            "-a", "fixedtpm|fixedparent|sensitivedataorigin|adminwithpolicy|restricted|decrypt", "-c", "ek.ctx");
        swtpm.Tool("tpm2_readpublic", "-c", "ek.ctx", "-o", "ek.pub");
        swtpm.Tool("tpm2_flushcontext", "-t");
        var expected = TpmPublic.DecodeEither(swtpm.File("ek.pub")).Bytes.ToArray();

        var usual = Load(template);
        WriteIndex(template.NonceIndex, nonce);
        Assert.Equal(expected, Load(template));
        WriteIndex(template.TemplateIndex, template.Public(null, null));
        Assert.Equal(expected, Load(template));
        Assert.NotEqual(expected, usual);
    }

    [Fact]
    public void The_name_we_compute_is_the_name_tpm2_readpublic_prints()
    {
        foreach (var (algorithm, hash) in ((string, string)[])[("ecc256", "sha256"), ("ecc384", "sha384"), ("rsa2048", "sha256"), ("ecc256", "sha512")])
        {
            swtpm.Tool("tpm2_createprimary", "-C", "e", "-g", hash, "-G", algorithm, "-c", "key.ctx");
            swtpm.Tool("tpm2_readpublic", "-c", "key.ctx", "-n", "key.name", "-o", "key.pub");
            swtpm.Tool("tpm2_readpublic", "-c", "key.ctx", "-f", "der", "-o", "key.der");
            swtpm.Tool("tpm2_flushcontext", "-t");
            var key = TpmPublic.DecodeEither(swtpm.File("key.pub"));
            Assert.Equal(swtpm.File("key.name"), key.Name());
            Assert.Equal(swtpm.File("key.der"), key.ToSubjectPublicKeyInfo());
        }
    }

    [Fact]
    public void Our_signatures_and_certifications_with_a_persistent_key_verify()
    {
        swtpm.Tool("tpm2_createprimary", "-C", "e", "-G", "ecc256:null:null", "-a", "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign", "-c", "key.ctx");
        swtpm.Tool("tpm2_evictcontrol", "-C", "o", "-c", "key.ctx", "0x81000010");
        swtpm.Tool("tpm2_flushcontext", "-t");
        swtpm.Tool("tpm2_createprimary", "-C", "e", "-G", "ecc256:ecdsa-sha256:null", "-a", "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|restricted|sign", "-c", "ak.ctx");
        swtpm.Tool("tpm2_evictcontrol", "-C", "o", "-c", "ak.ctx", "0x81000011");
        swtpm.Tool("tpm2_flushcontext", "-t");

        using var tpm = new TpmDevice(TpmChannel.Open(swtpm.Address), TimeProvider.System);
        TpmPublic key = tpm.ReadPublic(0x81000010), ak = tpm.ReadPublic(0x81000011);
        var digest = SHA256.HashData("signed"u8);
        Assert.True(VerifiesHash(key, digest, tpm.Sign(0x81000010, digest)));

        var extraData = RandomNumberGenerator.GetBytes(32);
        var (attest, signature) = tpm.Certify(0x81000010, 0x81000011, extraData);
        var parsed = TpmAttest.Decode(attest);
        Assert.Equal(extraData, parsed.ExtraData.ToArray());
        Assert.Equal(key.Name(), TpmCertified.Decode(parsed).Name.ToArray());
        Assert.True(Verifies(ak, attest.ToArray(), signature));
    }

    [Fact]
    public void Random_bytes_come_from_the_TPM()
    {
        using var tpm = new TpmDevice(TpmChannel.Open(swtpm.Address), TimeProvider.System);
        var first = tpm.GetRandom(32);
        Assert.Equal(32, first.Length);
        Assert.NotEqual(first, tpm.GetRandom(32));
    }

    public void Dispose() => swtpm.Dispose();

    private byte[] Load(EndorsementTemplate template)
    {
        using var tpm = new TpmDevice(TpmChannel.Open(swtpm.Address), TimeProvider.System);
        using var key = EndorsementKey.Load(tpm, template);
        return key.Public.Bytes.ToArray();
    }

    private void WriteIndex(uint index, byte[] content)
    {
        File.WriteAllBytes(swtpm.PathOf("index"), content);
        swtpm.Tool("tpm2_nvdefine", $"0x{index:x8}", "-C", "o", "-s", $"{content.Length}", "-a", "ownerread|ownerwrite|authread");
        swtpm.Tool("tpm2_nvwrite", $"0x{index:x8}", "-C", "o", "-i", "index");
    }

    private static bool Verifies(TpmPublic key, byte[] signed, ReadOnlyMemory<byte> signature) => VerifiesHash(key, SHA256.HashData(signed), signature);

    private static bool VerifiesHash(TpmPublic key, byte[] digest, ReadOnlyMemory<byte> signature)
    {
        var parsed = TpmSignature.Decode(signature, 32);
        if (key.Type == TpmAlg.Rsa)
        {
            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(key.ToSubjectPublicKeyInfo(), out _);
            return rsa.VerifyHash(digest, parsed.Value.Span, HashAlgorithmName.SHA256, parsed.Scheme == TpmAlg.RsaPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
        }
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(key.ToSubjectPublicKeyInfo(), out _);
        return ecdsa.VerifyHash(digest, parsed.Value.Span);
    }
}
