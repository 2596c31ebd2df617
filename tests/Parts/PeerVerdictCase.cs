using System.Security.Cryptography;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Parts;

/// <summary>A valid peer verdict with the voucher of its session key, and what it is verified with. A test changes one thing with an initializer.</summary>
public sealed record PeerVerdictCase
{
    public static DateTimeOffset Now { get; } = EvidenceCase.Now;

    public ShapeSigner Tpm { get; init; } = new();

    public ECDsa Identity { get; init; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public ECDsa Session { get; init; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public DeviceId Issuer { get; init; } = DeviceId.FromRootKey("an issuer"u8);

    public AssuranceTier Tier { get; init; } = AssuranceTier.TpmQuote;

    /// <summary>What vouches: a TPM, or an identity key.</summary>
    public bool ByTpm { get; init; } = true;

    public AttesterRole Role { get; init; } = AttesterRole.TlsServer;

    public Func<Claims, Claims> Claims { get; init; } = same => same;

    public Func<AttestShape, AttestShape> Attest { get; init; } = same => same;

    /// <summary>Changed after the root signed it.</summary>
    public Func<Evidence, Evidence> Sent { get; init; } = same => same;

    /// <summary>The key beside the voucher; the session's if null.</summary>
    public byte[]? SessionSpki { get; init; }

    public Func<PeerVerdict, PeerVerdict> Verdict { get; init; } = same => same;

    public string Typ { get; init; } = PeerVerdict.Typ;

    /// <summary>Who signs the verdict; the session key if null.</summary>
    public ECDsa? Signer { get; init; }

    public IReadOnlyList<ReadOnlyMemory<byte>>? Certificates { get; init; }

    /// <summary>Changed after it was signed.</summary>
    public Func<byte[], byte[]> Uploaded { get; init; } = same => same;

    public long Before { get; init; }

    public EnrolledDevice Enrolled => new(Issuer, new byte[16], Tier, EvidenceCase.Model, ByTpm ? Tpm.Key : AttestationKey.FromSubjectPublicKeyInfo(Identity.ExportSubjectPublicKeyInfo()));

    public static PeerVerdict Good(DeviceId issuer, DeviceId subject, long sequence = 1, TrustTier status = TrustTier.Affirming, DateTimeOffset? at = null)
        => new(
            issuer, sequence, SHA256.HashData("a transcript"u8), subject, AssuranceTier.TpmQuote, status, new SortedDictionary<int, int> { [0] = 2 }, "default", 3, 4, 5, 7,
            SHA256.HashData("the subject's session key"u8), 120, 30,
            status == TrustTier.Contraindicated ? [new("file.digest", "/etc/sensor.conf", "sha256 aa", "sha256 bb", "reference sensor #4", Outcome.Fail)] : [],
            (at ?? Now).ToUnixTimeSeconds(), (at ?? Now).ToUnixTimeSeconds() + 600);

    public Voucher Voucher()
    {
        var challenge = SHA256.HashData("any challenge"u8);
        var claims = Claims(new(
            Issuer, KeyThumbprint.Of(Session.ExportParameters(false)), challenge, Now.ToUnixTimeSeconds(), 60, 7, "trustmesh-agent", "0.1.0",
            ByTpm ? default(ReadOnlyMemory<byte>?) : ChallengeLeaf.TokenExtraData(Role, challenge), ByTpm ? null : new(0, new byte[32]))).Encode();
        return new(SessionSpki ?? Session.ExportSubjectPublicKeyInfo(), Sent(ByTpm ? Quoted(claims, challenge) : Signed(claims)).Encode());
    }

    public byte[] Upload()
    {
        var verdict = Verdict(Good(Issuer, DeviceId.FromRootKey("a subject"u8)));
        return Uploaded(CoseSigner.Sign(Signer ?? Session, verdict.EncodePayload(), Typ, certificateChain: Certificates));
    }

    /// <summary>Voucher and verdict; the checks that did not pass, of the first that has any.</summary>
    public (VerifiedPeerVerdict? Verified, string[] Failed) Verify()
    {
        var vouched = PeerVerdictVerifier.VerifyVoucher(Voucher(), Enrolled);
        if (vouched.Accepted is null) return (null, Names(vouched.Findings));
        Assert.All(vouched.Findings, finding => Assert.Equal(Outcome.Pass, finding.Outcome));
        var verdict = PeerVerdictVerifier.Verify(Upload(), vouched.Accepted, Before, Now);
        Assert.Equal(verdict.Accepted is null, Names(verdict.Findings).Length > 0);
        return (verdict.Accepted, Names(verdict.Findings));
    }

    private Evidence Quoted(byte[] claims, byte[] challenge)
    {
        var values = new PcrValue[] { new(13, new byte[32]) };
        var attest = Attest(new(TpmAttest.Generated, TpmAttest.Quote, ChallengeLeaf.QuoteExtraData(Role, challenge, claims), 1_000_000, 7, 0, 1, 0x0001_0002,
            [new(TpmAlg.Sha256, [13])], SHA256.HashData(new byte[32]))).Encode();
        return new(claims, null, new(attest, Tpm.Sign(attest), values), new(0, 1, []), new(7, 0, []));
    }

    private Evidence Signed(byte[] claims)
        => new(claims, CoseSigner.Sign(Identity, claims, Evidence.TokenTyp), null, new(0, 1, []), new(7, 0, []));

    private static string[] Names(IReadOnlyList<Finding> findings) => [.. findings.Where(one => one.Outcome != Outcome.Pass).Select(one => one.Check)];
}
