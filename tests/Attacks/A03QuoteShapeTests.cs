using System.Security.Cryptography;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Attacks;

/// <summary>A03 to A08: structures that are no quote of what was asked for, each with a good signature over it.</summary>
public sealed class A03QuoteShapeTests
{
    private static readonly string[] AllAfterMagic = ["quote.magic", "quote.type", "quote.nonce", "quote.bank", "quote.selection", "quote.values", "quote.digest"];

    [Theory]
    [InlineData(0u)]
    [InlineData(0xff544346u)]
    [InlineData(0x474354ffu)]
    public void A03_Rejects_a_structure_the_TPM_did_not_generate(uint magic)
        => new EvidenceCase { Attest = quote => quote with { Magic = magic } }.IsRefusedBy(AllAfterMagic);

    [Theory]
    [InlineData(0x8017)] // certify
    [InlineData(0x8019)] // time
    [InlineData(0x801a)] // creation
    [InlineData(0x8014)] // NV
    [InlineData(0x8015)] // command audit
    public void A04_Rejects_another_attestation_passed_off_as_a_quote(int type)
        => new EvidenceCase { Attest = quote => quote with { Type = (ushort)type } }
            .IsRefusedBy("quote.type", "quote.bank", "quote.selection", "quote.values", "quote.digest");

    [Fact]
    public void A05_Rejects_a_quote_over_other_PCRs_than_were_asked_for()
        => new EvidenceCase { Attest = quote => quote with { Selections = [new(TpmAlg.Sha256, [1, 13])] } }.IsRefusedBy("quote.selection", "quote.values");

    [Fact]
    public void A05_Rejects_values_relabelled_beside_an_honest_selection()
        => new EvidenceCase { Sent = sent => sent with { Quote = sent.Quote! with { Values = [new(1, sent.Quote.Values[0].Value), sent.Quote.Values[1]] } } }
            .IsRefusedBy("quote.values");

    [Fact]
    public void A05_Rejects_a_selection_with_a_register_too_many()
        => new EvidenceCase { Attest = quote => quote with { Selections = [new(TpmAlg.Sha256, [0, 7, 13])] } }.IsRefusedBy("quote.selection", "quote.values");

    [Fact]
    public void A05_Rejects_a_selection_with_a_register_too_few()
        => new EvidenceCase { Attest = quote => quote with { Selections = [new(TpmAlg.Sha256, [13])] } }.IsRefusedBy("quote.selection", "quote.values");

    [Fact]
    public void A06_Rejects_a_value_outside_the_signed_selection()
        => new EvidenceCase { Sent = sent => sent with { Quote = sent.Quote! with { Values = [.. sent.Quote.Values, new(14, new byte[32])] } } }
            .IsRefusedBy("quote.values", "quote.digest");

    [Fact]
    public void A06_Rejects_a_value_left_out()
        => new EvidenceCase { Sent = sent => sent with { Quote = sent.Quote! with { Values = [sent.Quote.Values[1]] } } }.IsRefusedBy("quote.values", "quote.digest");

    [Fact]
    public void A06_Rejects_a_value_that_was_not_signed()
        => new EvidenceCase { Sent = sent => sent with { Quote = sent.Quote! with { Values = [new(0, new byte[32]), sent.Quote.Values[1]] } } }
            .IsRefusedBy("quote.digest");

    [Fact]
    public void A07_Rejects_two_banks()
        => new EvidenceCase { Attest = quote => quote with { Selections = [.. quote.Selections, new(TpmAlg.Sha384, [0, 13])] } }
            .IsRefusedBy("quote.bank", "quote.selection", "quote.values");

    [Fact]
    public void A07_Rejects_a_bank_that_stands_there_twice()
        => new EvidenceCase { Attest = quote => quote with { Selections = [.. quote.Selections, .. quote.Selections] } }
            .IsRefusedBy("quote.bank", "quote.selection", "quote.values");

    [Fact]
    public void A07_Rejects_another_bank_than_was_asked_for()
        => new EvidenceCase { Attest = quote => quote with { Selections = [new(TpmAlg.Sha384, [0, 13])] } }.IsRefusedBy("quote.bank", "quote.values");

    [Fact]
    public void A08_Rejects_an_empty_selection()
        => new EvidenceCase { Attest = quote => quote with { Selections = [new(TpmAlg.Sha256, [])] } }.IsRefusedBy("quote.selection", "quote.values");

    [Fact]
    public void A08_Rejects_no_selection_and_no_values()
        => new EvidenceCase
        {
            Attest = quote => quote with { Selections = [], PcrDigest = SHA256.HashData([]) },
            Sent = sent => sent with { Quote = sent.Quote! with { Values = [] } },
        }.IsRefusedBy("quote.bank", "quote.selection", "quote.values");

    [Fact]
    public void A17_Rejects_the_SHA1_bank()
        => new EvidenceCase { Attest = quote => quote with { Selections = [new(TpmAlg.Sha1, [0, 13])] } }.IsRefusedBy("quote.bank", "quote.values");
}
