using System.Security.Cryptography;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Verifier;

/// <summary>Whose word a peer verdict is: each field of voucher and verdict wrong alone (A15, A36).</summary>
public sealed class PeerVerdictTests
{
    private static readonly PeerVerdictCase Tpm = new(), Key = new() { ByTpm = false, Tier = AssuranceTier.HardwareKey };

    private static readonly DeviceId Stranger = DeviceId.FromRootKey("a stranger"u8);

    [Theory]
    [InlineData(true, AttesterRole.TlsClient), InlineData(true, AttesterRole.TlsServer), InlineData(true, AttesterRole.Batch)]
    [InlineData(false, AttesterRole.TlsClient), InlineData(false, AttesterRole.TlsServer), InlineData(false, AttesterRole.Batch)]
    public void A_verdict_with_its_voucher_is_the_issuers_word(bool tpm, AttesterRole role)
    {
        var (verified, failed) = ((tpm ? Tpm : Key) with { Role = role }).Verify();
        Assert.Empty(failed);
        Assert.Equal((Tpm.Issuer, 1L), (verified!.Verdict.Issuer, verified.Verdict.Sequence));
    }

    [Fact]
    public void A34_A_voucher_of_another_device_vouches_for_nothing() => Refused("voucher.issuer", Tpm with { Claims = claims => claims with { Device = Stranger } });

    [Fact]
    public void A36_A_session_key_the_root_did_not_name_is_not_vouched_for()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Refused("voucher.session-key", Tpm with { SessionSpki = other.ExportSubjectPublicKeyInfo() });
        Refused("voucher.session-key", Key with { Claims = claims => claims with { SessionKeyThumbprint = new byte[32] } });
    }

    [Fact]
    public void A17_A_key_that_is_no_point_of_the_curve_is_refused()
    {
        var spki = Tpm.Session.ExportSubjectPublicKeyInfo();
        spki[^1] ^= 1;
        Refused("voucher.format", Tpm with { SessionSpki = spki });
    }

    [Fact]
    public void A03_A_voucher_the_TPM_did_not_make_itself_is_refused() => Refused("voucher.binding", Tpm with { Attest = quote => quote with { Magic = 0xff544346 } });

    [Fact]
    public void A04_Another_attestation_is_no_voucher()
        // The structure is read as what its type says; the shape's body is that of a quote.
        => Assert.Contains(((Tpm with { Attest = quote => quote with { Type = TpmAttest.Certify } }).Verify().Failed).Single(), new[] { "voucher.binding", "voucher.format" });

    [Fact]
    public void A36_A_quote_over_other_claims_is_no_voucher() => Refused("voucher.binding", Tpm with { Attest = quote => quote with { ExtraData = new byte[32] } });

    [Fact]
    public void A36_Signed_claims_with_other_extra_data_are_no_voucher()
    {
        Refused("voucher.binding", Key with { Claims = claims => claims with { ExtraData = new byte[32] } });
        Refused("voucher.binding", Key with { Claims = claims => claims with { ExtraData = null } });
    }

    [Fact]
    public void A36_A_voucher_of_a_key_that_was_not_enrolled_is_refused()
    {
        using var other = new ShapeSigner();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Refused("voucher.signature", Tpm with { Sent = evidence => evidence with { Quote = evidence.Quote! with { Signature = other.Sign(evidence.Quote.Attest.ToArray()) } } });
        Refused("voucher.signature", Key with { Sent = evidence => evidence with { Token = CoseSigner.Sign(key, evidence.ClaimsBytes, Evidence.TokenTyp) } });
    }

    [Fact]
    public void A15_A_voucher_of_another_kind_of_root_is_refused() => Refused("voucher.kind", Key with { Tier = AssuranceTier.TpmQuote });

    [Fact]
    public void A42_A_voucher_brings_no_log()
        => Refused("voucher.format", Tpm with { Sent = evidence => evidence with { Log = new(7, 0, [new LogEntry(0, LogEntryKind.File, "/a", new byte[32]).Encode()]) } });

    [Fact]
    public void A18_A_voucher_cut_anywhere_is_refused()
    {
        var voucher = Tpm.Voucher();
        for (var length = 0; length < voucher.Evidence.Length; length += 7)
            Assert.Null(PeerVerdictVerifier.VerifyVoucher(voucher with { Evidence = voucher.Evidence[..length] }, Tpm.Enrolled).Accepted);
    }

    [Fact]
    public void A36_A_verdict_signed_by_another_key_is_refused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Refused("verdict.signature", Tpm with { Signer = other });
    }

    [Fact]
    public void A18_A_verdict_with_one_flipped_bit_is_refused()
        => Refused("verdict.signature", Tpm with { Uploaded = bytes => { bytes[^80] ^= 1; return bytes; } });

    [Fact]
    public void A18_Bytes_after_a_verdict_are_refused() => Refused("verdict.format", Tpm with { Uploaded = bytes => [.. bytes, 0] });

    [Fact]
    public void A39_A_signed_payload_that_is_no_verdict_is_refused()
    {
        var vouched = PeerVerdictVerifier.VerifyVoucher(Tpm.Voucher(), Tpm.Enrolled).Accepted!;
        var result = PeerVerdictVerifier.Verify(CoseSigner.Sign(Tpm.Session, new byte[] { 0xa0 }, PeerVerdict.Typ), vouched, 0, PeerVerdictCase.Now);
        Assert.Equal("verdict.format", result.Findings.Single(one => one.Outcome != Outcome.Pass).Check);
    }

    [Fact]
    public void A39_A_statement_of_another_kind_is_no_verdict() => Refused("verdict.typ", Tpm with { Typ = Membership.Typ });

    [Fact]
    public void A39_Nothing_unsigned_travels_with_a_verdict() => Refused("verdict.typ", Tpm with { Certificates = [new byte[] { 1 }] });

    [Fact]
    public void A34_A_verdict_in_the_name_of_another_device_is_refused() => Refused("verdict.issuer", Tpm with { Verdict = verdict => verdict with { Issuer = Stranger } });

    [Theory, InlineData(1), InlineData(2), InlineData(long.MaxValue)]
    public void A33_A_sequence_that_does_not_rise_is_refused(long before) => Refused("verdict.sequence", Tpm with { Before = before });

    [Fact]
    public void A42_The_last_sequence_of_all_is_refused() => Refused("verdict.sequence", Tpm with { Verdict = verdict => verdict with { Sequence = long.MaxValue } });

    [Fact]
    public void A36_A_word_about_oneself_is_no_verdict() => Refused("verdict.subject", Tpm with { Verdict = verdict => verdict with { Subject = verdict.Issuer } });

    [Theory]
    [InlineData(301, 600), InlineData(0, 0), InlineData(0, -1), InlineData(0, 604_801)]
    public void A22_Dates_that_can_not_be_true_are_refused(long issued, long life)
        => Refused("verdict.dates", Tpm with { Verdict = verdict => verdict with { IssuedAt = verdict.IssuedAt + issued, ExpiresAt = verdict.IssuedAt + issued + life } });

    [Theory]
    [InlineData(300, 600), InlineData(-86_400_000, 1), InlineData(0, 604_800)]
    public void A_verdict_may_be_old_and_its_clock_a_little_ahead(long issued, long life)
        => Assert.Empty((Tpm with { Verdict = verdict => verdict with { IssuedAt = verdict.IssuedAt + issued, ExpiresAt = verdict.IssuedAt + issued + life } }).Verify().Failed);

    [Fact]
    public void A36_An_accusation_without_a_reason_is_refused()
        => Refused("verdict.because", Tpm with { Verdict = verdict => verdict with { Status = TrustTier.Contraindicated } });

    [Fact]
    public void A36_A_pass_among_the_reasons_is_refused()
        => Refused("verdict.because", Tpm with { Verdict = verdict => verdict with { Because = [new("file.digest", "/a", "b", "b", "rule", Outcome.Pass)] } });

    private static void Refused(string check, PeerVerdictCase given)
    {
        var (verified, failed) = given.Verify();
        Assert.Null(verified);
        Assert.Equal([check], failed);
    }
}
