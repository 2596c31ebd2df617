using System.Security.Cryptography;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Verifier;

/// <summary>Evidence of roots without quotes: a software key here, with the same claims as a hardware key.</summary>
public sealed class TokenEvidenceTests : IDisposable
{
    private static readonly EvidenceCase Case = new()
    {
        Policy = policy => policy with { Pcrs = [13], Tiers = [AssuranceTier.Software, AssuranceTier.HardwareKey] },
        Reference = values => values with { Registers = new Dictionary<int, IReadOnlyList<ReadOnlyMemory<byte>>>() },
    };

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private DeviceId Device => DeviceId.FromRootKey(key.ExportSubjectPublicKeyInfo());

    [Fact]
    public void A_hardware_key_that_says_the_truth_is_affirming_with_its_tier()
    {
        var verdict = Verify(AssuranceTier.HardwareKey).Verified!.Verdict;
        Assert.Equal((TrustTier.Affirming, AssuranceTier.HardwareKey), (verdict.Status, verdict.Tier));
    }

    [Fact]
    public void A_software_key_is_never_better_than_a_warning()
    {
        var verdict = Verify(AssuranceTier.Software).Verified!.Verdict;
        Assert.Equal((TrustTier.Warning, AssuranceTier.Software), (verdict.Status, verdict.Tier));
        Assert.Equal("key.protection", verdict.Because[0].Check);
        Assert.Equal(32, verdict.Vector[6]);
    }

    [Fact]
    public void A31_Rejects_the_extra_data_of_another_challenge() => Refused("token.nonce", Verify(claims: claims => claims with { ExtraData = new byte[32] }));

    [Fact]
    public void A02_Rejects_claims_without_extra_data() => Refused("token.nonce", Verify(claims: claims => claims with { ExtraData = null }));

    [Fact]
    public void A08_Rejects_claims_without_a_log_head() => Refused("token.log-head", Verify(claims: claims => claims with { LogHead = null }));

    [Fact]
    public void A24_A_log_that_does_not_lead_to_the_signed_head_is_contraindicated()
        => Assert.Equal("log.replay", Verify(claims: claims => claims with { LogHead = claims.LogHead! with { Head = new byte[32] } }).Verified!.Verdict.Because[0].Check);

    [Fact]
    public void A24_A_log_of_another_length_than_the_signed_one_is_contraindicated()
        => Assert.Equal("log.replay", Verify(claims: claims => claims with { LogHead = claims.LogHead! with { Count = 1 } }).Verified!.Verdict.Because[0].Check);

    [Fact]
    public void A20_Rejects_a_start_counter_that_went_back() => Refused("counter.reset", Verify(before: AttesterState.None with { Boot = 8 }));

    [Fact]
    public void A09_Rejects_claims_signed_by_another_key()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Refused("token.signature", Verify(signer: other));
    }

    [Fact]
    public void A15_Rejects_a_token_from_a_device_that_enrolled_a_TPM() => Refused("evidence.kind", Verify(AssuranceTier.TpmQuote));

    public void Dispose() => key.Dispose();

    private static void Refused(string check, VerificationResult result)
    {
        Assert.Null(result.Verified);
        Assert.Equal(check, Assert.Single(result.Findings, one => one.Outcome == Outcome.Fail).Check);
    }

    private VerificationResult Verify(AssuranceTier tier = AssuranceTier.HardwareKey, Func<Claims, Claims>? claims = null, ECDsa? signer = null, AttesterState? before = null)
    {
        var leaf = Case.Leaf with { Attester = Device };
        var challenge = leaf.LeafHash();
        var said = new Claims(Device, KeyThumbprint.Of(Case.Session.ExportParameters(false)), challenge, 1, 1, 7, "trustmesh-agent", "0.1.0",
            ChallengeLeaf.TokenExtraData(AttesterRole.TlsClient, challenge), new(Case.Log.Count, EvidenceCase.Replay(Case.Log)));
        var bytes = (claims ?? (same => same))(said).Encode();
        var statement = CoseSign1.Prepare(bytes, KeyThumbprint.Of((signer ?? key).ExportParameters(false)), Evidence.TokenTyp);
        var token = statement.Complete((signer ?? key).SignData(statement.ToBeSigned.Span, HashAlgorithmName.SHA256));
        var evidence = new Evidence(bytes, token, null, new(0, 1, []), new(7, 0, [.. Case.Log.Select(entry => (ReadOnlyMemory<byte>)entry.Encode())]));
        var enrolled = new EnrolledDevice(Device, new byte[16], tier, EvidenceCase.Model, AttestationKey.FromSubjectPublicKeyInfo(key.ExportSubjectPublicKeyInfo()));
        return new EvidenceVerifier().Verify(evidence.Encode(), leaf, Case.SessionSpki, enrolled, before ?? AttesterState.None, Case.SignedPolicy, Case.SignedReference, EvidenceCase.Now);
    }
}
