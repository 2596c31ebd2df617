using System.Text.Json;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Vectors;

/// <summary>Attestations of real TPMs from public repositories through the checklist. Their register values are not published: a quote
/// passes every step but the two about values, and a certification passed off as a quote fails at its type.</summary>
public sealed class QuoteVectorTests
{
    [Fact]
    public void A_published_quote_passes_every_step_that_needs_no_values()
    {
        var vector = Case("veraison-services", "parsec-tpm-quote-p256");
        var (attest, result) = Run(vector);
        Assert.Equal(TpmAttest.Quote, attest.Type);
        Assert.Equal(["quote.values", "quote.digest"], result.Findings.Where(one => one.Outcome == Outcome.Fail).Select(one => one.Check));
        Assert.Equal(QuoteCheck.StepCount, result.Findings.Count);
        Assert.Null(result.Quote);
    }

    [Theory]
    [InlineData("veraison-services", "parsec-tpm-certify-p256")]
    [InlineData("passwordless-lib-fido2-net-lib", "fido2-tpm-certify-sha256")]
    [InlineData("lamps-wg-csr-attestation", "csr-tcg-attest-certify")]
    public void A04_A_published_certification_is_no_quote(string source, string name)
    {
        var vector = Case(source, name);
        var (_, result) = Run(vector);
        Assert.Null(result.Quote);
        Assert.Contains(result.Findings, one => one is { Check: "quote.type", Got: "8017", Outcome: Outcome.Fail });
        Assert.Equal(vector.GetProperty("signatureValid").GetBoolean(), result.Findings.Any(one => one is { Check: "quote.signature", Outcome: Outcome.Pass }));
    }

    private static (TpmAttest, QuoteResult) Run(JsonElement vector)
    {
        var attest = TpmAttest.Decode(Hex(vector, "attestHex"));
        var request = attest.Selections.Count == 1 ? new QuoteRequest(attest.Selections[0].Bank, attest.Selections[0].Pcrs) : QuoteRequest.Default;
        var key = AttestationKey.FromSubjectPublicKeyInfo(Hex(vector, "akSpkiDerHex"));
        return (attest, QuoteCheck.Run(key, Hex(vector, "attestHex"), Hex(vector, "signatureHex"), attest.ExtraData.Span, request, []));
    }

    private static JsonElement Case(string source, string name)
        => JsonDocument.Parse(File.ReadAllBytes(Repository.Vector(source, "tpm-cases.json"))).RootElement.EnumerateArray().First(one => one.GetProperty("name").GetString() == name);

    private static byte[] Hex(JsonElement vector, string field) => Convert.FromHexString(vector.GetProperty(field).GetString()!);
}
