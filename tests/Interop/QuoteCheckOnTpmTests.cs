using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Interop;

/// <summary>A quote that tpm2_quote took on a real TPM, judged by our checklist: as it is, and with one thing changed.</summary>
public sealed class QuoteCheckOnTpmTests : IDisposable
{
    private static readonly byte[] Nonce = Convert.FromHexString("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");

    private readonly Swtpm swtpm = Swtpm.Start();
    private byte[] message = [], signature = [];
    private List<PcrValue> values = [];
    private QuoteRequest asked = new(TpmAlg.Sha256, [0, 7, 13]);
    private AttestationKey? key;

    [Theory]
    [InlineData("ecc256", "ecdsa", "sha256")]
    [InlineData("ecc384", "ecdsa", "sha384")]
    [InlineData("rsa2048", "rsassa", "sha256")]
    [InlineData("rsa2048", "rsapss", "sha256")]
    [InlineData("rsa3072", "rsassa", "sha384")]
    public void A_quote_by_tpm2_quote_passes_every_step(string algorithm, string scheme, string hash)
    {
        Take(algorithm, scheme, hash);
        var result = Judge();
        Assert.True(result.Quote is not null, string.Join('\n', result.Findings));
        Assert.Equal(QuoteCheck.StepCount, result.Findings.Count);
    }

    [Fact]
    public void Each_change_of_one_thing_is_found_by_its_own_step()
    {
        Take("ecc256", "ecdsa", "sha256");
        int map = message.Length - 37, digest = message.Length - 1;
        AssertChange("quote.magic", () => message[0] ^= 1);
        AssertChange("quote.type", () => message[5] = 0x17);
        AssertChange("quote.nonce", () => message[44] ^= 1);
        AssertChange("quote.bank", () => message[map - 2] = 0x0c);
        AssertChange("quote.selection", () => message[map] ^= 2);
        AssertChange("quote.digest", () => message[digest] ^= 1);
        AssertChange("quote.format", () => message = [.. message, 0]);
        AssertChange("quote.format", () => signature = signature[..^1]);
        AssertChange("quote.signature", () => signature[^1] ^= 1);
        AssertChange("quote.algorithm", () => signature[3] = 0x0c);
        AssertChange("quote.digest", () => values[1] = new(7, new byte[32]));
        AssertChange("quote.values", () => values.RemoveAt(2));
        AssertChange("quote.values", () => values.Add(new(14, new byte[32])));
        AssertChange("quote.selection", () => asked = new(TpmAlg.Sha256, [0, 7]));
        AssertChange("quote.signature", () => key = AnotherKey());
        Assert.NotNull(Judge().Quote);
    }

    public void Dispose() => swtpm.Dispose();

    private void AssertChange(string check, Action change)
    {
        var (oldMessage, oldSignature, oldValues, oldAsked, oldKey) = ((byte[])[.. message], (byte[])[.. signature], values.ToList(), asked, key);
        change();
        var result = Judge();
        Assert.Null(result.Quote);
        Assert.Contains(result.Findings, f => f.Check == check && f.Outcome == Outcome.Fail);
        (message, signature, values, asked, key) = (oldMessage, oldSignature, oldValues, oldAsked, oldKey);
    }

    private QuoteResult Judge() => QuoteCheck.Run(key!, message, signature, Nonce, asked, values);

    private void Take(string algorithm, string scheme, string hash)
    {
        swtpm.Tool("tpm2_pcrextend", "7:sha256=" + new string('7', 64));
        swtpm.Tool("tpm2_createek", "-G", "ecc", "-c", "ek.ctx");
        swtpm.Tool("tpm2_createak", "-C", "ek.ctx", "-G", algorithm, "-g", hash, "-s", scheme, "-c", "ak.ctx", "-u", "ak.pub", "-f", "tss");
        swtpm.Tool("tpm2_flushcontext", "-t");
        swtpm.Tool("tpm2_quote", "-c", "ak.ctx", "-l", "sha256:0,7,13", "-q", Convert.ToHexStringLower(Nonce), "-g", hash, "--scheme", scheme, "-m", "message", "-s", "signature");
        swtpm.Tool("tpm2_flushcontext", "-t");
        swtpm.Tool("tpm2_pcrread", "sha256:0,7,13", "-o", "values");
        (message, signature) = (swtpm.File("message"), swtpm.File("signature"));
        values = [.. swtpm.File("values").Chunk(32).Zip(asked.Pcrs, (value, pcr) => new PcrValue(pcr, value))];
        key = AttestationKeyCheck.Run(TpmPublic.DecodeEither(swtpm.File("ak.pub")), out var findings);
        Assert.True(key is not null, string.Join('\n', findings));
    }

    /// <summary>As good a key, of the same TPM.</summary>
    private AttestationKey AnotherKey()
    {
        swtpm.Tool("tpm2_createak", "-C", "ek.ctx", "-G", "ecc256", "-g", "sha256", "-s", "ecdsa", "-c", "other.ctx", "-u", "other.pub", "-f", "tss");
        swtpm.Tool("tpm2_flushcontext", "-t");
        return AttestationKey.FromTpmPublic(TpmPublic.DecodeEither(swtpm.File("other.pub")));
    }
}
