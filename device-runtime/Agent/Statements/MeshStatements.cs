using System.Collections.Concurrent;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Statements;

/// <summary>
/// What this device was told by the mesh authority: membership, policy, reference values, status list, whom to examine. Only what is signed by the
/// pinned authority and not older than what is here gets in (attacks A30, A35, A46); newer statements are passed on to peers. Thread-safe.
/// </summary>
public sealed class MeshStatements
{
    private readonly Lock gate = new();
    private readonly StatementVerifier verifier;
    private readonly TimeProvider time;
    private readonly DeviceId self;
    private readonly ConcurrentDictionary<string, AppraisalReference> references = new(StringComparer.Ordinal);

    public MeshStatements(ReadOnlyMemory<byte> authorityKey, DeviceId self, TimeProvider time)
    {
        verifier = new(AttestationKey.FromSubjectPublicKeyInfo(authorityKey));
        (this.time, this.self) = (time, self);
    }

    /// <summary>Raised after something newer was taken, on the thread that brought it.</summary>
    public event Action? Changed;

    /// <summary>Checks what others bring; the authority's key is in it.</summary>
    public StatementVerifier Verifier => verifier;

    public Membership? Membership { get; private set; }

    /// <summary>COSE_Sign1; empty where there is no membership.</summary>
    public ReadOnlyMemory<byte> MembershipSigned { get; private set; }

    public AppraisalPolicy? Policy { get; private set; }

    public SignedStatement<StatusList>? Status { get; private set; }

    public SignedStatement<PeerAssignment>? Peers { get; private set; }

    public AppraisalReference? ReferenceFor(string model) => references.GetValueOrDefault(model);

    /// <summary>Models and serials of the reference values that are here, by model.</summary>
    public IReadOnlyList<ModelSerial> References => [.. references.Values.Select(one => new ModelSerial(one.Values.Model, one.Values.Serial)).OrderBy(one => one.Model, StringComparer.Ordinal)];

    /// <summary>The time by which statements are judged: this device's clock, but never before anything the authority signed (a clock that was set back
    /// revives nothing).</summary>
    public DateTimeOffset Now
    {
        get
        {
            var now = time.GetUtcNow();
            var floor = DateTimeOffset.FromUnixTimeSeconds(Math.Max(Status?.Value.IssuedAt ?? 0, Policy?.Policy.IssuedAt ?? 0));
            return now > floor ? now : floor;
        }
    }

    /// <summary>What the status list says of a member; null if there is no list, it is another one, or it does not know the index: no answer is no "valid".</summary>
    public StatusValue? StatusOf(Membership member)
        => Status is { } list && list.Value.Uri == member.StatusList ? list.Value.At(member.StatusIndex) : null;

    /// <summary>Statements of which the other end of a handshake has an older one, or none.</summary>
    public GossipStatements NewerThan(PeerHello other)
    {
        var theirs = other.References.ToDictionary(one => one.Model, one => one.Serial);
        return new(
            Policy is { } policy && policy.Policy.Serial > other.PolicySerial ? policy.Signed : default(ReadOnlyMemory<byte>?),
            Status is { } list && list.Value.Serial > other.StatusSerial ? list.Signed : default(ReadOnlyMemory<byte>?),
            [.. references.Values.Where(one => theirs.TryGetValue(one.Values.Model, out var serial) && one.Values.Serial > serial).Take(Caps.ReferenceCount).Select(one => one.Signed)]);
    }

    /// <summary>The status list is young enough to judge by; else everyone is unknown (attack A35).</summary>
    public bool IsCurrent(DateTimeOffset now)
        => Status is { } list && Policy is { } policy && now < DateTimeOffset.FromUnixTimeSeconds(list.Value.IssuedAt) + TimeSpan.FromSeconds(policy.Policy.PeerRules.GraceSeconds);

    /// <summary>Takes whatever of this is newer and good; a problem in words for each that is not.</summary>
    public IReadOnlyList<string> Offer(GossipStatements statements)
    {
        var problems = new List<string>();
        var now = time.GetUtcNow();
        lock (gate)
        {
            if (statements.Policy is { } policy && Take(verifier.VerifyPolicy(policy, now, Policy?.Policy.Serial ?? 0), problems) is { } newer) Policy = newer;
            foreach (var reference in statements.References)
                if (Take(verifier.VerifyReference(reference, now), problems) is { } values && !(references.TryGetValue(values.Values.Model, out var known) && known.Values.Serial > values.Values.Serial)) references[values.Values.Model] = values;
            if (statements.StatusList is { } list && Take(verifier.VerifyStatusList(list, now, Status?.Value.Serial ?? 0, Membership?.StatusList), problems) is { } listed) Status = listed;
        }
        Changed?.Invoke();
        return problems;
    }

    /// <summary>Takes this device's membership; a problem in words if it is not good.</summary>
    public IReadOnlyList<string> OfferMembership(ReadOnlyMemory<byte> signed)
    {
        var problems = new List<string>();
        lock (gate)
            if (Take(verifier.VerifyMembership(signed, time.GetUtcNow()), problems) is { } membership) (Membership, MembershipSigned) = (membership, signed);
        Changed?.Invoke();
        return problems;
    }

    /// <summary>Takes whom to examine; a problem in words if it is not good.</summary>
    public IReadOnlyList<string> OfferPeers(ReadOnlyMemory<byte> signed)
    {
        var problems = new List<string>();
        lock (gate)
            if (Take(verifier.VerifyAssignment(signed, time.GetUtcNow(), Peers?.Value.Serial ?? 0, self), problems) is { } assigned) Peers = assigned;
        Changed?.Invoke();
        return problems;
    }

    private static T? Take<T>(Statement<T> statement, List<string> problems) where T : class
    {
        if (statement.Accepted is null) problems.Add(statement.Findings.First(finding => finding.Outcome != Outcome.Pass).Got);
        return statement.Accepted;
    }
}
