using System.Security.Cryptography;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Interop;

/// <summary>Quotes by tpm2-tools on a real TPM 2.0 pass our checklist, and each change fails at its own step.</summary>
public sealed class QuoteTests
{
    private static readonly byte[] Nonce = SHA256.HashData("nonce"u8);

    [Theory]
    [InlineData("ecc", "ecdsa", "sha256", "sha256")]
    [InlineData("ecc", "ecdsa", "sha384", "sha256")]
    [InlineData("ecc384", "ecdsa", "sha384", "sha384")]
    [InlineData("rsa", "rsassa", "sha256", "sha256")]
    [InlineData("rsa", "rsapss", "sha256", "sha256")]
    [InlineData("rsa", "rsassa", "sha384", "sha384")]
    public void Quotes_of_tpm2_tools_verify_and_every_change_is_found(string algorithm, string scheme, string hash, string bank)
    {
        using var swtpm = Swtpm.Start();
        swtpm.Tool("tpm2_createek", "-c", "ek.ctx", "-G", "rsa", "-u", "ek.pub");
        swtpm.Tool("tpm2_createak", "-C", "ek.ctx", "-c", "ak.ctx", "-G", algorithm, "-g", hash, "-s", scheme, "-u", "ak.pub", "-f", "tss");
        swtpm.Tool("tpm2_flushcontext", "-t");
        swtpm.Tool("tpm2_readpublic", "-c", "ak.ctx", "-f", "pem", "-o", "ak.pem");
        swtpm.Tool("tpm2_flushcontext", "-t");
        swtpm.Tool("tpm2_quote", "-c", "ak.ctx", "-l", $"{bank}:0,1,7", "-q", Convert.ToHexStringLower(Nonce), "-m", "attest", "-s", "signature", "-o", "values", "-F", "values", "-g", hash, "--scheme", scheme);

        var request = new QuoteRequest(bank == "sha256" ? TpmAlg.Sha256 : TpmAlg.Sha384, [0, 1, 7]);
        var values = Split(swtpm.File("values"), request);
        byte[] attest = swtpm.File("attest"), signature = swtpm.File("signature");
        var key = AttestationKey.FromTpmPublic(TpmPublic.DecodeEither(swtpm.File("ak.pub")));
        var good = QuoteCheck.Run(key, attest, signature, Nonce, request, values);
        Assert.NotNull(good.Quote);
        Assert.Equal(QuoteCheck.StepCount, good.Findings.Count);

        Fails("quote.nonce", QuoteCheck.Run(key, attest, signature, SHA256.HashData("other"u8), request, values));
        Fails("quote.selection", QuoteCheck.Run(key, attest, signature, Nonce, request with { Pcrs = [0, 1, 8] }, values));
        Fails("quote.bank", QuoteCheck.Run(key, attest, signature, Nonce, request with { Bank = request.Bank == TpmAlg.Sha256 ? TpmAlg.Sha384 : TpmAlg.Sha256 }, values));
        Fails("quote.digest", QuoteCheck.Run(key, attest, signature, Nonce, request, [values[0], values[1], new(7, new byte[values[2].Value.Length - 1].Append((byte)1).ToArray())]));
        signature[^1] ^= 1;
        Fails("quote.signature", QuoteCheck.Run(key, attest, signature, Nonce, request, values));
        signature[^1] ^= 1;
        attest[^1] ^= 1;
        Fails("quote.digest", QuoteCheck.Run(key, attest, signature, Nonce, request, values), "quote.signature");
        attest[^1] ^= 1;

        using var pem = LoadPem(File.ReadAllText(swtpm.PathOf("ak.pem")));
        var open = AttestationKey.FromSubjectPublicKeyInfo(pem.ExportSubjectPublicKeyInfo());
        Assert.NotNull(QuoteCheck.Run(open, attest, signature, Nonce, request, values).Quote);
    }

    [Fact]
    public void A17_A_SHA1_quote_of_a_real_TPM_is_refused()
    {
        using var swtpm = Swtpm.Start();
        swtpm.Tool("tpm2_createek", "-c", "ek.ctx", "-G", "rsa", "-u", "ek.pub");
        swtpm.Tool("tpm2_createak", "-C", "ek.ctx", "-c", "ak.ctx", "-G", "rsa", "-g", "sha1", "-s", "rsassa", "-u", "ak.pub");
        Assert.Throws<TrustMesh.Wire.WireException>(() => AttestationKey.FromTpmPublic(TpmPublic.DecodeEither(swtpm.File("ak.pub"))));
    }

    private static void Fails(string check, QuoteResult result, params string[] others)
    {
        Assert.Null(result.Quote);
        Assert.Equal([check, .. others], result.Findings.Where(one => one.Outcome == Outcome.Fail).Select(one => one.Check));
    }

    private static PcrValue[] Split(byte[] values, QuoteRequest request)
        => [.. values.Chunk(TpmHash.Size(request.Bank)).Zip(request.Pcrs, (value, pcr) => new PcrValue(pcr, value))];

    private static AsymmetricAlgorithm LoadPem(string pem)
    {
        AsymmetricAlgorithm key = PemEncoding.TryFind(pem, out var found) && Convert.FromBase64String(pem[found.Base64Data]).Length > 200 ? RSA.Create() : ECDsa.Create();
        key.ImportFromPem(pem);
        return key;
    }
}
