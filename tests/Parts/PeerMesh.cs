using System.Collections.Concurrent;
using System.Security.Cryptography;
using TrustMesh.Agent.Statements;
using TrustMesh.Roots;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Parts;

/// <summary>
/// A mesh authority without a silo: enrols devices, publishes policy, reference values, status list and assignments, and hands them out. Its key is
/// in memory; everything it signs is what a silo would hand on. Times are those of <see cref="Time"/>. Thread-safe.
/// </summary>
public sealed class PeerMesh : IDisposable
{
    public const string Name = "mesh-north", StatusUri = "https://silo.test/status/1", Model = "press";

    private readonly ConcurrentDictionary<DeviceId, Membership> members = new();
    private readonly ConcurrentDictionary<long, StatusValue> standing = new();
    private readonly ECDsa key;
    private int devices;
    private long peersSerial;

    /// <param name="key">The authority's; disposed of with the mesh. Null: a new one.</param>
    public PeerMesh(TimeProvider? time = null, ECDsa? key = null)
    {
        this.key = key ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Time = time ?? TimeProvider.System;
        Policy = new(Name, "default", 1, (ushort)TpmAlg.Sha256, [13], 13, 600, 30, [AssuranceTier.Software, AssuranceTier.HardwareKey, AssuranceTier.TpmQuote], true,
            [], [], TrustTier.Warning, Seconds, Seconds + 86_400, PeerRules.Default);
    }

    public TimeProvider Time { get; }

    /// <summary>The authority's SubjectPublicKeyInfo.</summary>
    public byte[] AuthorityKey => key.ExportSubjectPublicKeyInfo();

    public byte[] Pin => SHA256.HashData(AuthorityKey);

    public StatementVerifier Verifier => new(AttestationKey.FromSubjectPublicKeyInfo(AuthorityKey), Name);

    /// <summary>The policy in force; see <see cref="Publish(Func{Policy, Policy})"/>.</summary>
    public Policy Policy { get; private set; }

    public ReferenceValues? Reference { get; private set; }

    public long StatusSerial { get; private set; } = 1;

    private long Seconds => Time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Makes a device a member. Its key is the root's own word here: enrolment is the silo's business, and tested there.</summary>
    public Membership Enrol(IRoot root, string name, string site = "oslo", string model = Model)
    {
        var spki = root.AttestationKey.IsEmpty ? root.RootPublic : TpmPublic.Decode(root.AttestationKey).ToSubjectPublicKeyInfo();
        return members[root.Device] = new(Name, root.Device, name, site, model, root.Tier, spki, RandomNumberGenerator.GetBytes(16), Interlocked.Increment(ref devices), StatusUri, Seconds, Seconds + 86_400);
    }

    public byte[] MembershipOf(DeviceId device, Func<Membership, Membership>? change = null)
        => Sign((change ?? Same)(members[device]).EncodePayload(), Membership.Typ);

    /// <summary>A policy with the next serial, in force from now on.</summary>
    public byte[] Publish(Func<Policy, Policy> change)
    {
        Policy = change(Policy) with { Serial = Policy.Serial + 1, IssuedAt = Seconds };
        return SignedPolicy();
    }

    public byte[] SignedPolicy() => Sign(Policy.EncodePayload(), Policy.Typ);

    /// <summary>Reference values with the next serial: these files with these contents.</summary>
    public byte[] PublishReference(IReadOnlyDictionary<string, string> files, string model = Model)
    {
        Reference = new(Name, model, model, (Reference?.Serial ?? 0) + 1,
            files.ToDictionary(file => file.Key, file => (IReadOnlyList<ReadOnlyMemory<byte>>)[SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(file.Value))]),
            new Dictionary<int, IReadOnlyList<ReadOnlyMemory<byte>>>(), Seconds + 86_400);
        return SignedReference()!;
    }

    public byte[]? SignedReference() => Reference is { } values ? Sign(values.EncodePayload(), ReferenceValues.Typ, values.Meta) : null;

    /// <summary>Sets what the next status list says of a device, and returns that list.</summary>
    public byte[] SetStatus(DeviceId device, StatusValue value)
    {
        standing[members[device].StatusIndex] = value;
        StatusSerial++;
        return SignedStatus();
    }

    public byte[] Revoke(DeviceId device) => SetStatus(device, StatusValue.Invalid);

    /// <summary>The status list as it is now, issued so long ago, with its own serial.</summary>
    public byte[] SignedStatus(TimeSpan age = default, int entries = 1024)
        => Sign(new StatusList(Name, StatusUri, StatusSerial, 2, StatusList.Pack(standing, entries), 60, Seconds - (long)age.TotalSeconds, Seconds + 86_400).EncodePayload(), StatusList.Typ);

    public byte[] SignedPeers(DeviceId device, params IEnumerable<AssignedPeer> peers)
        => Sign(new PeerAssignment(Name, device, Interlocked.Increment(ref peersSerial), [.. peers], Seconds, Seconds + 86_400).EncodePayload(), PeerAssignment.Typ);

    /// <summary>How an assignment names a member.</summary>
    public AssignedPeer Assigned(DeviceId device, params string[] addresses)
        => members[device] is var member ? new(device, member.Name, member.Site, member.Model, addresses) : throw new InvalidOperationException();

    /// <summary>Everything that is published now.</summary>
    public GossipStatements Published(TimeSpan statusAge = default)
        => new(SignedPolicy(), SignedStatus(statusAge), SignedReference() is { } reference ? [reference] : []);

    /// <summary>What a member holds after it spoke with its silo.</summary>
    public MeshStatements StatementsFor(DeviceId device, TimeSpan statusAge = default)
    {
        var statements = new MeshStatements(AuthorityKey, device, Time);
        Assert.Empty(statements.OfferMembership(MembershipOf(device)));
        Assert.Empty(statements.Offer(Published(statusAge)));
        return statements;
    }

    public byte[] Sign(byte[] payload, string typ, CorimMeta? corim = null)
    {
        lock (key) return CoseSigner.Sign(key, payload, typ, corim);
    }

    public void Dispose() => key.Dispose();

    private static Membership Same(Membership membership) => membership;
}
