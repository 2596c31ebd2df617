using System.Security.Cryptography;
using TrustMesh.Roots;
using TrustMesh.Roots.Software;
using TrustMesh.Tests.Trust.Log;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Trust;

/// <summary>A twin on a bench: a software root that makes real evidence, an authority, a store that can fail, a clock, and what was published.</summary>
public sealed class TwinBench : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-twin-").FullName;
    private readonly SigningKey authorityKey = NewKey(), siloKey = NewKey();
    private readonly ECDsa session = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly List<ReadOnlyMemory<byte>> log = [];

    public TwinBench(ITwinStore? store = null)
    {
        Root = SoftwareRoot.Open(new("software", "", "auto", 13, folder));
        Store = new(store ?? new InMemoryTwinStore());
        Authority = new(authorityKey, "mesh", Time);
        var policy = new Policy("mesh", "default", 1, 0x000b, [13], 13, 60, 20, [AssuranceTier.Software], true, [], [], TrustTier.Contraindicated, Time.GetUtcNow().ToUnixTimeSeconds(), Time.GetUtcNow().AddDays(1).ToUnixTimeSeconds());
        Policy = Authority.Statements.VerifyPolicy(authorityKey.Sign(policy.EncodePayload(), TrustMesh.Wire.Messages.Policy.Typ), Time.GetUtcNow()).Accepted!;
        Twin = NewTwin();
        Enrolment = NewEnrolment();
    }

    public ManualTime Time { get; } = new();

    public SoftwareRoot Root { get; }

    public FaultyTwinStore Store { get; }

    public MeshAuthority Authority { get; }

    public AppraisalPolicy Policy { get; }

    public DeviceTwin Twin { get; }

    public Enrolment Enrolment { get; }

    /// <summary>What the mesh's log was told.</summary>
    public HeardLog Log { get; } = new();

    public List<TwinPublication> Published { get; } = [];

    public static SigningKey NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new(key.ExportParameters(true), "software");
    }

    /// <summary>Another twin of the same device on the same store: what a second host would have.</summary>
    public DeviceTwin NewTwin() => new(Root.Device, Store, new(Authority), new(siloKey, () => [Authority.Certificate.RawData]), Log, Published.Add, Time);

    public Enrolment NewEnrolment()
        => new(RandomNumberGenerator.GetBytes(16), Root.Device, RootKind.Software, AssuranceTier.Software, new byte[32], Root.RootPublic, "software key, nobody endorses it", "device-1", "lab", "sensor", 1, "join token abc", Time.GetUtcNow());

    public void Measure(string name)
    {
        var entry = new LogEntry(log.Count, LogEntryKind.File, name, SHA256.HashData([1])).Encode();
        log.Add(entry);
        Root.Extend(SHA256.HashData(entry));
    }

    /// <summary>Real evidence, really verified, that continues this state.</summary>
    public VerifiedEvidence Evidence(TwinState before)
    {
        var spki = session.ExportSubjectPublicKeyInfo();
        var leaf = new ChallengeLeaf(RandomNumberGenerator.GetBytes(32), siloKey.Id, Root.Device, AttesterRole.TlsClient, SHA256.HashData(spki), siloKey.SpkiHash, ChannelBindingType.Finished, new byte[48]);
        var claims = new Claims(Root.Device, KeyThumbprint.Of(session.ExportParameters(false)), leaf.LeafHash(), 0, 1, Root.Boot, "agent", "1", null, null);
        var from = before.Attester.Boot == Root.Boot ? before.Attester.LogCount : 0;
        var bytes = Root.Prove(new(AttesterRole.TlsClient, claims, 0x000b, [13], new(0, 1, []), new(Root.Boot, from, [.. log.Skip(from)]))).Encode();
        var device = new EnrolledDevice(before.Enrolment.Device, before.Enrolment.Id, before.Enrolment.Tier, before.Enrolment.Model, AttestationKey.FromSubjectPublicKeyInfo(before.Enrolment.AttestationKey));
        var result = new EvidenceVerifier().Verify(bytes, leaf, spki, device, before.Attester, Policy, null, Time.GetUtcNow());
        return result.Verified ?? throw new InvalidOperationException(string.Join("\n", result.Findings));
    }

    public ReadOnlyMemory<byte> SessionKey => session.ExportSubjectPublicKeyInfo();

    public void Dispose()
    {
        Root.Dispose();
        authorityKey.Dispose();
        siloKey.Dispose();
        session.Dispose();
        Directory.Delete(folder, true);
    }
}
