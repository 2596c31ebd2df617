using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Verifier;

/// <summary>An auditor with a bundle and the authority's pin.</summary>
public sealed class BundleVerifierTests
{
    private static readonly EvidenceCase Case = new();

    private static readonly LogEntry Changed = new(2, LogEntryKind.File, "/etc/pump.conf", new byte[32]);

    [Fact]
    public void A_verdict_is_repeated_from_the_bundle_alone()
    {
        var result = Verify(Make(Case));
        Assert.DoesNotContain(result.Findings, one => one.Outcome != Outcome.Pass);
        Assert.Equal(TrustTier.Affirming, result.Repeated!.Verdict.Status);
        Assert.Equal(TrustTier.Affirming, result.Stored!.Status);
    }

    [Fact]
    public void A_bad_verdict_that_can_be_repeated_holds()
    {
        var bad = Case with { Log = [.. Case.Log, Changed] };
        Assert.Equal(TrustTier.Contraindicated, Verify(Make(bad)).Repeated!.Verdict.Status);
    }

    [Fact]
    public void Evidence_with_a_tail_is_repeated_with_the_whole_log()
    {
        var known = Case.Verify().Verified!.After;
        var later = Case with { Before = known, Log = [.. Case.Log, Changed, new(3, LogEntryKind.File, "/etc/pump.conf", EvidenceCase.Config)] };
        var bundle = Make(later);
        Assert.Equal(2, Evidence.Decode(bundle.Evidence).Log.From);
        Assert.Equal(TrustTier.Affirming, Verify(bundle).Repeated!.Verdict.Status);
    }

    [Fact]
    public void Without_a_pin_the_authority_is_taken_from_the_bundle_and_a_warning_says_so()
    {
        var result = BundleVerifier.Verify(Make(Case).Encode(), null);
        Assert.NotNull(result.Repeated);
        Assert.Equal(("bundle.authority", Outcome.Warn), (result.Findings[0].Check, result.Findings[0].Outcome));
    }

    [Fact]
    public void A30_Rejects_a_bundle_of_another_authority()
    {
        using var other = new TestAuthority();
        Refused("bundle.authority", BundleVerifier.Verify(Make(Case).Encode(), other.Pin));
    }

    [Fact]
    public void A15_Rejects_a_result_that_says_better_than_what_comes_out()
    {
        var bad = Case with { Log = [.. Case.Log, Changed] };
        Refused("bundle.result", Verify(Make(bad, result => result with { Status = TrustTier.Affirming })));
    }

    public static TheoryData<string, Func<AttestationResult, AttestationResult>> ChangedResults => new()
    {
        { "device", result => result with { Device = DeviceId.FromRootKey("another"u8) } },
        { "tier", result => result with { Tier = AssuranceTier.Guardian } },
        { "vector", result => result with { Vector = new Dictionary<int, int> { [0] = 2 } } },
        { "policy", result => result with { PolicySerial = 9 } },
        { "reference", result => result with { ReferenceSerial = 9 } },
        { "boot", result => result with { Boot = 9 } },
        { "session key", result => result with { SessionKeyThumbprint = new byte[32] } },
        { "challenge", result => result with { Challenge = new byte[32] } },
        { "evidence digest", result => result with { EvidenceDigest = new byte[32] } },
        { "issued at", result => result with { IssuedAt = result.IssuedAt - 1 } },
        { "expires at", result => result with { ExpiresAt = result.ExpiresAt + 1 } },
    };

    [Theory]
    [MemberData(nameof(ChangedResults), DisableDiscoveryEnumeration = true)]
    public void A15_Each_field_of_a_stored_result_counts_alone(string claim, Func<AttestationResult, AttestationResult> change)
    {
        var result = Verify(Make(Case, change));
        Refused("bundle.result", result);
        Assert.Equal(claim, result.Findings[0].Claim);
    }

    [Fact]
    public void Rejects_a_log_that_is_not_the_whole_one()
        => Assert.Contains(Verify(Make(Case) with { Log = [Case.Log[0].Encode()] }).Findings, one => one is { Check: "bundle.result", Claim: "status", Outcome: Outcome.Fail });

    [Fact]
    public void Rejects_another_session_key()
        => Assert.Null(Verify(Make(Case) with { SessionKey = new EvidenceCase().SessionSpki }).Repeated);

    [Fact]
    public void A14_Rejects_another_attestation_key_than_the_membership_names()
    {
        using var other = new ShapeSigner();
        Refused("bundle.key", Verify(Make(Case) with { AttestationKey = other.Public }));
    }

    /// <summary>Every eleventh byte, up to the attestation key's public area: of that only the key itself is under a signature.</summary>
    [Fact]
    public void A15_No_flipped_bit_of_a_bundle_is_overlooked()
    {
        var bytes = Make(Case).Encode();
        for (var at = 0; at < bytes.Length - Case.Tpm.Public.Length; at += 11)
        {
            bytes[at] ^= 1;
            Assert.True(BundleVerifier.Verify(bytes, Case.Authority.Pin).Repeated is null, $"byte {at}");
            bytes[at] ^= 1;
        }
    }

    [Fact]
    public void Rejects_a_bundle_accepted_at_the_end_of_time()
        => Refused("bundle.time", Verify(Make(Case) with { AcceptedAt = 253_402_300_799 }));

    [Fact]
    public void A_shortened_bundle_is_malformed() => Refused("bundle.format", BundleVerifier.Verify(Make(Case).Encode().AsMemory(0, 500), Case.Authority.Pin));

    private static BundleResult Verify(Bundle bundle) => BundleVerifier.Verify(bundle.Encode(), Case.Authority.Pin);

    private static void Refused(string check, BundleResult result)
    {
        Assert.Null(result.Repeated);
        Assert.Equal(check, Assert.Single(result.Findings, one => one.Outcome == Outcome.Fail).Check);
    }

    private static Bundle Make(EvidenceCase of, Func<AttestationResult, AttestationResult>? change = null)
    {
        var evidence = of.Build().Encode();
        var verified = of.Verify(evidence).Verified!;
        var result = (change ?? (same => same))(EarWriter.Write(verified));
        var now = EvidenceCase.Now.ToUnixTimeSeconds();
        var membership = new Membership(TestAuthority.Mesh, of.Device, "pump-07", "north", EvidenceCase.Model, AssuranceTier.TpmQuote, of.Tpm.Key.SubjectPublicKeyInfo,
            new byte[16], 0, "https://silo.north.example/status/1", now, now + 60);
        return new(evidence, verified.Leaf, now, of.Authority.Sign(membership), of.Authority.Sign(of.PolicyValue), of.Authority.Sign(of.ReferenceValue), of.Authority.Sign(result),
            of.Authority.Spki, [.. of.Log.Select(entry => (ReadOnlyMemory<byte>)entry.Encode())], of.SessionSpki, of.Tpm.Public);
    }
}
