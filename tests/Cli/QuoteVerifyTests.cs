using System.Text.Json;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;

namespace TrustMesh.Tests.Cli;

/// <summary>What tpm2-tools wrote on a real (software) TPM, judged by <c>quote verify</c>, and again with one thing changed.</summary>
public sealed class QuoteVerifyTests(QuoteVerifyTests.ToolQuote quote) : IClassFixture<QuoteVerifyTests.ToolQuote>
{
    [Theory]
    [InlineData("ak.pub", QuoteCheck.StepCount + 2)]
    [InlineData("ak.tpmt", QuoteCheck.StepCount + 2)]
    [InlineData("ak.pem", QuoteCheck.StepCount)]
    public async Task A_good_quote_is_trusted_with_the_key_in_each_of_three_forms(string key, int steps)
    {
        var (code, outcomes) = await VerifyAsync(new() { ["--ak"] = quote.PathOf(key) });
        Assert.Equal(0, code);
        Assert.Equal(steps, outcomes.Count);
        Assert.All(outcomes, one => Assert.Equal("pass", one.Outcome));
    }

    [Fact]
    public async Task A01_A_nonce_that_was_not_asked_for_is_not_trusted()
        => await RefusedAsync("quote.nonce", new() { ["--nonce"] = "c0ffef" });

    [Fact]
    public async Task A05_Registers_that_were_not_asked_for_are_not_trusted()
        => await RefusedAsync("quote.selection", new() { ["--pcrs"] = "sha256:0,1,8" });

    [Fact]
    public async Task A06_More_values_than_were_signed_are_not_trusted()
        => await RefusedAsync("quote.values", new() { ["--values"] = quote.Changed("values", bytes => [.. bytes, .. new byte[32]]) });

    [Fact]
    public async Task A07_Another_bank_is_not_trusted()
        => await RefusedAsync("quote.bank", new() { ["--pcrs"] = "sha384:0,1,7" });

    [Fact]
    public async Task A15_A_changed_value_is_not_trusted()
        => await RefusedAsync("quote.digest", new() { ["--values"] = quote.Changed("values", bytes => { bytes[40] ^= 1; return bytes; }) });

    [Fact]
    public async Task A15_A_changed_signature_is_not_trusted()
        => await RefusedAsync("quote.signature", new() { ["--signature"] = quote.Changed("signature", bytes => { bytes[^1] ^= 1; return bytes; }) });

    [Fact]
    public async Task A18_A_byte_after_the_structure_is_not_trusted()
        => await RefusedAsync("quote.format", new() { ["--attest"] = quote.Changed("attest", bytes => [.. bytes, 0]) });

    [Fact]
    public async Task A09_An_unrestricted_key_is_not_trusted_although_its_signature_is_good()
    {
        // The attributes are not part of what is signed; only reading them tells such a key from a real one.
        var loose = quote.Changed("ak.tpmt", bytes => { bytes[5] &= 0xfe; return bytes; });
        var outcomes = await RefusedAsync("ak.attributes", new() { ["--ak"] = loose });
        Assert.Contains(("quote.signature", "pass"), outcomes);
    }

    [Theory]
    [InlineData("--nonce", "xyz")]
    [InlineData("--nonce", "abc")]
    [InlineData("--nonce", "")]
    [InlineData("--pcrs", "sha256:")]
    [InlineData("--pcrs", "sha256:0,0")]
    [InlineData("--pcrs", "sha256:24")]
    [InlineData("--pcrs", "sha256:0+sha1:0")]
    [InlineData("--pcrs", "md5:0")]
    public async Task A_request_that_makes_no_sense_is_wrong_usage(string option, string value)
        => Assert.Equal(2, (await VerifyAsync(new() { [option] = value })).Code);

    private async Task<List<(string Check, string Outcome)>> RefusedAsync(string check, Dictionary<string, string> change)
    {
        var (code, outcomes) = await VerifyAsync(change);
        Assert.Equal(6, code);
        Assert.Contains((check, "fail"), outcomes);
        return outcomes;
    }

    private async Task<(int Code, List<(string Check, string Outcome)> Outcomes)> VerifyAsync(Dictionary<string, string> change)
    {
        var options = new Dictionary<string, string>
        {
            ["--ak"] = quote.PathOf("ak.pub"), ["--attest"] = quote.PathOf("attest"), ["--signature"] = quote.PathOf("signature"),
            ["--nonce"] = "c0ffee", ["--pcrs"] = "sha256:7,0,1", ["--values"] = quote.PathOf("values"),
        };
        foreach (var (name, value) in change) options[name] = value;
        var run = new CliRun();
        var code = await run.RunAsync(["quote", "verify", "--json", .. options.SelectMany(option => (string[])[option.Key, option.Value])]);
        if (run.Output.Length == 0) return (code, []);
        using var report = JsonDocument.Parse(run.Output);
        Assert.Equal(code == 0, report.RootElement.GetProperty("trusted").GetBoolean());
        return (code, [.. report.RootElement.GetProperty("findings").EnumerateArray().Select(one => (one.GetProperty("check").GetString()!, one.GetProperty("outcome").GetString()!))]);
    }

    /// <summary>One quote by tpm2-tools, made once.</summary>
    public sealed class ToolQuote : IDisposable
    {
        private readonly Swtpm tpm = Swtpm.Start();

        public ToolQuote()
        {
            Tool("tpm2_createek", "-G", "ecc", "-c", "ek.ctx", "-u", "ek.pub");
            Tool("tpm2_createak", "-C", "ek.ctx", "-c", "ak.ctx", "-G", "ecc", "-g", "sha256", "-s", "ecdsa", "-u", "ak.pub", "-n", "ak.name");
            Tool("tpm2_readpublic", "-c", "ak.ctx", "-f", "pem", "-o", "ak.pem");
            Tool("tpm2_readpublic", "-c", "ak.ctx", "-f", "tpmt", "-o", "ak.tpmt");
            Tool("tpm2_pcrextend", "7:sha256=" + new string('5', 64));
            Tool("tpm2_quote", "-c", "ak.ctx", "-l", "sha256:0,1,7", "-q", "c0ffee", "-m", "attest", "-s", "signature", "-o", "values", "-F", "values", "-g", "sha256");
        }

        public string PathOf(string name) => tpm.PathOf(name);

        /// <summary>A copy of a file with one thing changed.</summary>
        public string Changed(string name, Func<byte[], byte[]> change)
        {
            var file = tpm.PathOf($"{name}.{Guid.NewGuid():n}");
            File.WriteAllBytes(file, change(tpm.File(name)));
            return file;
        }

        public void Dispose() => tpm.Dispose();

        // There is no resource manager in between: contexts have to leave before the next command.
        private void Tool(string name, params string[] arguments)
        {
            tpm.Tool(name, arguments);
            tpm.TryTool("tpm2_flushcontext", "-t");
        }
    }
}
