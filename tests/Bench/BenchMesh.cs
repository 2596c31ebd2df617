using System.Security.Cryptography;
using TrustMesh.Agent.Statements;
using TrustMesh.Roots;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Bench;

/// <summary>A mesh authority without a silo, its key in memory: what it signs is what a silo would hand on. Intervals are long: only the benchmark examines.</summary>
internal sealed class BenchMesh : IDisposable
{
    public const int Files = 10;

    private const string Name = "bench", Model = "bench", StatusUri = "https://silo.bench/status/1";

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
    private int members;

    /// <summary>A measured file of every device of this mesh.</summary>
    public static (string Name, byte[] Digest) File(int number) => ($"/opt/bench/file-{number}", SHA256.HashData([(byte)number]));

    /// <summary>What a new member holds after it spoke with its silo. The root's own word is taken for its key; enrolment is not what is measured.</summary>
    public MeshStatements Join(IRoot root, string name)
    {
        var membership = new Membership(Name, root.Device, name, "lab", Model, root.Tier, root.RootPublic, RandomNumberGenerator.GetBytes(16), members++, StatusUri, now, now + 86_400);
        var policy = new Policy(Name, "default", 1, (ushort)TpmAlg.Sha256, [13], 13, 3600, 3000, [AssuranceTier.Software], true, [], [], TrustTier.Contraindicated, now, now + 86_400, PeerRules.Default);
        var files = Enumerable.Range(0, Files).Select(File).ToDictionary(file => file.Name, file => (IReadOnlyList<ReadOnlyMemory<byte>>)[file.Digest]);
        var reference = new ReferenceValues(Name, Model, Model, 1, files, new Dictionary<int, IReadOnlyList<ReadOnlyMemory<byte>>>(), now + 86_400);
        var status = new StatusList(Name, StatusUri, 1, 2, StatusList.Pack(new Dictionary<long, StatusValue>(), 1024), 60, now, now + 86_400);
        var statements = new MeshStatements(key.ExportSubjectPublicKeyInfo(), root.Device, TimeProvider.System);
        IEnumerable<string> problems =
        [
            .. statements.OfferMembership(Sign(membership.EncodePayload(), Membership.Typ)),
            .. statements.Offer(new GossipStatements(Sign(policy.EncodePayload(), Policy.Typ), Sign(status.EncodePayload(), StatusList.Typ),
                [Sign(reference.EncodePayload(), ReferenceValues.Typ, reference.Meta)])),
        ];
        return problems.Any() ? throw new InvalidOperationException($"a statement of the benchmark is refused: {string.Join("; ", problems)}") : statements;
    }

    public void Dispose() => key.Dispose();

    private byte[] Sign(byte[] payload, string typ, CorimMeta? corim = null) => CoseSigner.Sign(key, payload, typ, corim);
}
