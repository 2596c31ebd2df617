using System.Security.Cryptography;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Merkle;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Parts;

/// <summary>
/// Valid evidence of a TPM, and everything it is verified with. A test changes one thing with an initializer: what the device claims, what
/// its key signs, what is sent after signing, what the challenger knows, what the authority published.
/// </summary>
public sealed record EvidenceCase
{
    public static DateTimeOffset Now { get; } = DateTimeOffset.FromUnixTimeSeconds(1_790_000_000);

    public const string Model = "traffic-sensor";

    public const int MeasurementPcr = 13;

    public static readonly byte[] Config = SHA256.HashData("speed=3\n"u8), Program = SHA256.HashData("#!/bin/sh\n"u8);

    private static readonly byte[] FirmwareValue = SHA256.HashData("firmware"u8);

    public ShapeSigner Tpm { get; init; } = new();

    public TestAuthority Authority { get; init; } = new();

    public ECDsa Session { get; init; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public DeviceId Device { get; init; } = DeviceId.FromRootKey("a device"u8);

    public static DeviceId Silo { get; } = DeviceId.FromRootKey("a silo"u8);

    /// <summary>The log of the device, from its start.</summary>
    public IReadOnlyList<LogEntry> Log { get; init; } =
    [
        new(0, LogEntryKind.File, "/etc/pump.conf", Config), new(1, LogEntryKind.File, "/usr/bin/pump", Program),
    ];

    /// <summary>How many entries of the log the register has seen; all of them if null.</summary>
    public int? Extended { get; init; }

    public AttesterState Before { get; init; } = AttesterState.None;

    public Func<Policy, Policy> Policy { get; init; } = same => same;

    public Func<ReferenceValues, ReferenceValues> Reference { get; init; } = same => same;

    public bool WithoutPolicy { get; init; }

    public bool WithoutReference { get; init; }

    public AssuranceTier Tier { get; init; } = AssuranceTier.TpmQuote;

    public Func<ChallengeLeaf, ChallengeLeaf> AnsweredLeaf { get; init; } = same => same;

    public Func<ChallengeLeaf, ChallengeLeaf> AskedLeaf { get; init; } = same => same;

    public Func<Claims, Claims> Claims { get; init; } = same => same;

    public AttesterRole Role { get; init; } = AttesterRole.TlsClient;

    /// <summary>Leaves of other challengers answered by the same quote; ours comes first.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> OtherLeaves { get; init; } = [];

    /// <summary>Changed before it is signed: what a key would have to sign.</summary>
    public Func<AttestShape, AttestShape> Attest { get; init; } = same => same;

    public TpmAlg SignatureHash { get; init; } = TpmAlg.Sha256;

    /// <summary>Changed after it was signed: what a thief or a relay could do.</summary>
    public Func<Evidence, Evidence> Sent { get; init; } = same => same;

    public DateTimeOffset At { get; init; } = Now;

    public byte[] SessionSpki => Session.ExportSubjectPublicKeyInfo();

    public Policy PolicyValue => Policy(new(
        TestAuthority.Mesh, "default", 1, (ushort)TpmAlg.Sha256, [0, MeasurementPcr], MeasurementPcr, 600, 30, [AssuranceTier.TpmQuote], true,
        ["/var/lib/pump/**"], [0xbad], TrustTier.Warning, Now.ToUnixTimeSeconds() - 10, Now.ToUnixTimeSeconds() + 86_400));

    public ReferenceValues ReferenceValue => Reference(new(
        TestAuthority.Mesh, Model, Model, 4,
        new Dictionary<string, IReadOnlyList<ReadOnlyMemory<byte>>> { ["/etc/pump.conf"] = [Config], ["/usr/bin/pump"] = [Program] },
        new Dictionary<int, IReadOnlyList<ReadOnlyMemory<byte>>> { [0] = [FirmwareValue] }, Now.ToUnixTimeSeconds() + 86_400));

    public AppraisalPolicy? SignedPolicy => WithoutPolicy ? null : Authority.Verifier.VerifyPolicy(Authority.Sign(PolicyValue), Now).Accepted
        ?? throw new InvalidOperationException("The case's policy is refused.");

    public AppraisalReference? SignedReference => WithoutReference ? null : Authority.Verifier.VerifyReference(Authority.Sign(ReferenceValue), Now).Accepted
        ?? throw new InvalidOperationException("The case's reference values are refused.");

    public EnrolledDevice Enrolled => new(Device, new byte[16], Tier, Model, Tpm.Key);

    public ChallengeLeaf Leaf => new(SHA256.HashData("nonce"u8), Silo, Device, AttesterRole.TlsClient, SHA256.HashData(SessionSpki),
        SHA256.HashData("silo's key"u8), ChannelBindingType.Finished, new byte[48]);

    public Evidence Build()
    {
        var leaves = new List<ReadOnlyMemory<byte>> { AnsweredLeaf(Leaf).LeafHash() };
        leaves.AddRange(OtherLeaves);
        var claims = Claims(new(Device, KeyThumbprint.Of(Session.ExportParameters(false)), new MerkleBatch(leaves).Root, Now.ToUnixTimeSeconds(),
            86_400, 7, "trustmesh-agent", "0.1.0", null, null)).Encode();
        var challenge = TrustMesh.Wire.Messages.Claims.Decode(claims).Challenge;
        var register = Replay(Log.Take(Extended ?? Log.Count));
        PcrValue[] values = WithoutPolicy ? [new(MeasurementPcr, register)] : [.. PolicyValue.Pcrs.Select(pcr => new PcrValue(pcr, pcr == MeasurementPcr ? register : FirmwareValue))];
        var attest = Attest(new(TpmAttest.Generated, TpmAttest.Quote, ChallengeLeaf.QuoteExtraData(Role, challenge.Span, claims), 1_000_000, 7, 0, 1, 0x0001_0002,
            [new(TpmAlg.Sha256, [.. values.Select(one => one.Index)])], SHA256.HashData([.. values.SelectMany(one => one.Value.ToArray())]))).Encode();
        var from = Before.Boot == 7 ? Before.LogCount : 0;
        return Sent(new(claims, null, new(attest, Tpm.Sign(attest, SignatureHash), values), new(0, leaves.Count, new MerkleBatch(leaves).Prove(0)),
            new(7, from, [.. Log.Skip(from).Select(entry => (ReadOnlyMemory<byte>)entry.Encode())])));
    }

    public VerificationResult Verify() => Verify(Build().Encode());

    public VerificationResult Verify(byte[] evidence)
        => new EvidenceVerifier().Verify(evidence, AskedLeaf(Leaf), SessionSpki, Enrolled, Before, SignedPolicy, SignedReference, At);

    /// <summary>The register after these entries (PROTOCOL.md section 6).</summary>
    public static byte[] Replay(IEnumerable<LogEntry> entries)
        => entries.Aggregate(new byte[32], (value, entry) => SHA256.HashData([.. value, .. SHA256.HashData(entry.Encode())]));

    /// <summary>Refused, and exactly these checks did not pass.</summary>
    public VerificationResult IsRefusedBy(params string[] checks)
    {
        var result = Verify();
        Assert.Null(result.Verified);
        Assert.Equal(checks, Names(result));
        return result;
    }

    /// <summary>Authentic, with this status, and exactly these checks did not pass.</summary>
    public VerifiedEvidence IsJudged(TrustTier status, params string[] checks)
    {
        var result = Verify();
        Assert.NotNull(result.Verified);
        Assert.Equal(checks, Names(result));
        Assert.Equal(status, result.Verified.Verdict.Status);
        return result.Verified;
    }

    private static string[] Names(VerificationResult result) => [.. result.Findings.Where(one => one.Outcome != Outcome.Pass).Select(one => one.Check)];
}
