using System.Security.Cryptography;
using System.Text.Json;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Wire.Tpm;

/// <summary>Public bytes of real TPMs, read by us: attestations, signatures and public areas we did not make.</summary>
public sealed class TpmVectorTests
{
    public static TheoryData<string, string> Cases => new()
    {
        { "veraison-services", "parsec-tpm-quote-p256" },
        { "veraison-services", "parsec-tpm-certify-p256" },
        { "passwordless-lib-fido2-net-lib", "fido2-tpm-certify-sha256" },
        { "lamps-wg-csr-attestation", "csr-tcg-attest-certify" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_attestation_of_a_real_TPM_decodes_to_the_published_fields(string source, string name)
    {
        var vector = Case(source, name);
        var attest = TpmAttest.Decode(Hex(vector, "attestHex"));
        var decoded = vector.GetProperty("decoded");
        Assert.Equal(decoded.GetProperty("magic").GetUInt32(), attest.Magic);
        Assert.Equal(decoded.GetProperty("type").GetUInt16(), attest.Type);
        Assert.Equal(decoded.GetProperty("qualifiedSigner").GetString(), Text(attest.QualifiedSigner));
        Assert.Equal(decoded.GetProperty("extraData").GetString(), Text(attest.ExtraData));
        Assert.Equal(decoded.GetProperty("clock").GetUInt64(), attest.Clock);
        Assert.Equal(decoded.GetProperty("resetCount").GetUInt32(), attest.ResetCount);
        Assert.Equal(decoded.GetProperty("restartCount").GetUInt32(), attest.RestartCount);
        Assert.Equal(decoded.GetProperty("safe").GetInt32() == 1, attest.Safe);
        Assert.Equal(decoded.GetProperty("firmwareVersion").GetUInt64(), attest.FirmwareVersion);
        if (attest.Type == TpmAttest.Quote)
        {
            var expected = decoded.GetProperty("pcrSelect")[0].GetProperty("pcrs").EnumerateArray().Select(p => p.GetInt32());
            Assert.Equal(expected, Assert.Single(attest.Selections).Pcrs);
            Assert.Equal(TpmAlg.Sha256, attest.Selections[0].Bank);
            Assert.Equal(decoded.GetProperty("pcrDigest").GetString(), Text(attest.PcrDigest));
        }
        else
        {
            var certified = TpmCertified.Decode(attest);
            Assert.Equal(decoded.GetProperty("name").GetString(), Text(certified.Name));
            Assert.Equal(decoded.GetProperty("qualifiedName").GetString(), Text(certified.QualifiedName));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_signature_of_a_real_TPM_verifies_after_decoding(string source, string name)
    {
        var vector = Case(source, name);
        var signature = TpmSignature.Decode(Hex(vector, "signatureHex"), 32);
        Assert.Equal(vector.GetProperty("signatureValid").GetBoolean(), Verifies(Hex(vector, "akSpkiDerHex"), Hex(vector, "attestHex"), signature));
        Assert.Equal(Hex(vector, "signatureHex"), signature.Encode());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_name_we_compute_is_the_name_the_TPM_certified(string source, string name)
    {
        var vector = Case(source, name);
        if (!vector.TryGetProperty("certifiedPublicHex", out _))
        {
            Assert.Equal(TpmAttest.Quote, TpmAttest.Decode(Hex(vector, "attestHex")).Type);
            return;
        }
        var key = TpmPublic.Decode(Hex(vector, "certifiedPublicHex"));
        Assert.Equal(vector.GetProperty("certifiedName").GetString(), Text(key.Name()));
        using var imported = Import(key.ToSubjectPublicKeyInfo());
        Assert.Equal(key.KeyBits, imported.KeySize);
    }

    [Fact]
    public void A_quote_by_a_Windows_machine_decodes_and_its_SHA1_is_still_visible()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Repository.Vector("google-go-eventlog", "windows_gcp_shielded_vm.json")));
        var ak = document.RootElement.GetProperty("AK");
        var key = TpmPublic.DecodeEither(ak.GetProperty("Public").GetBytesFromBase64());
        Assert.Equal((TpmAlg.Rsa, TpmAlg.RsaSsa, TpmAlg.Sha1, 2048), (key.Type, key.Scheme, key.SchemeHash, key.KeyBits));
        Assert.True(key.Attributes.HasFlag(TpmObjectAttributes.Restricted | TpmObjectAttributes.FixedTpm | TpmObjectAttributes.SignEncrypt));

        var quote = document.RootElement.GetProperty("Quote");
        var bytes = quote.GetProperty("Quote").GetBytesFromBase64();
        var attest = TpmAttest.Decode(bytes);
        Assert.Equal(TpmAlg.Sha1, Assert.Single(attest.Selections).Bank);
        Assert.Equal(Enumerable.Range(0, 24), attest.Selections[0].Pcrs);
        Assert.True(attest.ExtraData.IsEmpty);
        var signature = TpmSignature.Decode(quote.GetProperty("Signature").GetBytesFromBase64(), 32);
        Assert.Equal(TpmAlg.Sha1, signature.Hash);
        Assert.True(Verifies(key.ToSubjectPublicKeyInfo(), bytes, signature));
    }

    private static bool Verifies(byte[] spki, byte[] signed, TpmSignature signature)
    {
        using var key = Import(spki);
        var hash = TpmHash.Name(signature.Hash);
        return key switch
        {
            ECDsa ecdsa => ecdsa.VerifyData(signed, signature.Value.Span, hash),
            RSA rsa => rsa.VerifyData(signed, signature.Value.Span, hash, signature.Scheme == TpmAlg.RsaPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1),
            _ => throw new InvalidOperationException("neither ECDSA nor RSA"),
        };
    }

    private static AsymmetricAlgorithm Import(byte[] spki)
    {
        AsymmetricAlgorithm key = spki.Length > 200 ? RSA.Create() : ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(spki, out _);
        return key;
    }

    private static JsonElement Case(string source, string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Repository.Vector(source, "tpm-cases.json")));
        return document.RootElement.EnumerateArray().Single(c => c.GetProperty("name").GetString() == name).Clone();
    }

    private static byte[] Hex(JsonElement vector, string property) => Convert.FromHexString(vector.GetProperty(property).GetString()!);

    private static string Text(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(bytes.Span);
}
