using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TrustMesh.Agent.Hosting;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Statements;

/// <summary>
/// What this device was told by the mesh authority: membership, policy, reference values, status list, whom to examine. Only what is signed by the
/// pinned authority and not older than anything this device ever believed gets in (attacks A30, A35, A46); newer statements are passed on to peers.
/// With a store all of it outlives the process, so that a device judges its peers after a restart without a silo. Thread-safe.
/// </summary>
public sealed partial class MeshStatements : IDisposable
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly Lock gate = new();
    private readonly DeviceId self;
    private readonly TimeProvider time;
    private readonly StatementStore? store;
    private readonly ILogger log;
    private readonly ITimer graceEnd;
    private EnforcedList enforced;
    // Handshakes read it without the lock: one reference is never half written.
    private volatile byte[] membershipSigned = [];
    private bool? wasCurrent;

    /// <summary>Loads what the store holds, checking every signature anew. Throws <see cref="Roots.RootException"/> and <see cref="IOException"/>.</summary>
    /// <param name="authorityKey">SubjectPublicKeyInfo, DER.</param>
    /// <param name="store">Null: in memory only.</param>
    public MeshStatements(ReadOnlyMemory<byte> authorityKey, DeviceId self, TimeProvider time, StatementStore? store = null, ILogger? log = null)
    {
        (this.self, this.time, this.store, this.log) = (self, time, store, log ?? NullLogger.Instance);
        Verifier = new(AttestationKey.FromSubjectPublicKeyInfo(authorityKey));
        graceEnd = time.CreateTimer(_ => OnGraceTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (store is null) return;
        Load();
        enforced = new(Status?.Value.Serial ?? 0, time.GetTimestamp());
        TellGrace();
    }

    /// <summary>Raised after something newer was taken, on the thread that brought it, and when the grace period is over. What a newer status list
    /// says counts as enforced when the handlers have returned.</summary>
    public event Action? Changed;

    /// <summary>Checks what others bring; the authority's key is in it.</summary>
    public StatementVerifier Verifier { get; }

    public Membership? Membership { get; private set; }

    /// <summary>COSE_Sign1; empty where there is no membership.</summary>
    public ReadOnlyMemory<byte> MembershipSigned => membershipSigned;

    public AppraisalPolicy? Policy { get; private set; }

    public SignedStatement<StatusList>? Status { get; private set; }

    public SignedStatement<PeerAssignment>? Peers { get; private set; }

    /// <summary>Status lists between those this device had that it never saw, since it was started.</summary>
    public long Gaps { get; private set; }

    /// <summary>The status list that is enforced, and since when: the acknowledgement the silo gets.</summary>
    public EnforcedList Enforced
    {
        get { lock (gate) return enforced; }
    }

    /// <summary>The time by which statements are judged: this device's clock, but never before anything the authority signed (a clock that was set back
    /// revives nothing).</summary>
    public DateTimeOffset Now
    {
        get
        {
            var now = time.GetUtcNow();
            var floor = DateTimeOffset.FromUnixTimeSeconds(Math.Max(Math.Max(Status?.Value.IssuedAt ?? 0, Policy?.Policy.IssuedAt ?? 0), Math.Max(Peers?.Value.IssuedAt ?? 0, Membership?.IssuedAt ?? 0)));
            return now > floor ? now : floor;
        }
    }

    /// <summary>Until when peers can be judged by what is here: the newest status list's age reaches the policy's grace, or one of the two expires. Null:
    /// one of them is missing. No verdict may count for longer.</summary>
    public DateTimeOffset? CurrentUntil
        => Status is { } list && Policy is { } policy
            ? DateTimeOffset.FromUnixTimeSeconds(Math.Min(list.Value.IssuedAt + policy.Policy.PeerRules.GraceSeconds, Math.Min(list.Value.ExpiresAt, policy.Policy.ExpiresAt)))
            : null;

    /// <summary>The status list is young enough to judge by; else everyone is unknown (attack A35).</summary>
    public bool IsCurrent(DateTimeOffset now) => CurrentUntil is { } until && now < until;

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

    public void Dispose() => graceEnd.Dispose();

    /// <summary>Says once when peers can no longer be judged, and once when they can again; rings again when that may change by itself.</summary>
    private bool TellGrace()
    {
        lock (gate)
        {
            var (now, until) = (Now, CurrentUntil);
            var current = until > now;
            if (current) graceEnd.Change(Shorter(until!.Value - now), Timeout.InfiniteTimeSpan);
            // Before the first list ever there is nothing that grew old.
            if (current == wasCurrent || Status is not { } list) return false;
            if (!current) log.GraceIsOver();
            else if (wasCurrent == false) log.JudgesPeersAgain(list.Value.Serial);
            wasCurrent = current;
            return true;
        }
    }

    private void OnGraceTimer()
    {
        if (TellGrace()) Changed?.Invoke();
    }

    private static TimeSpan Shorter(TimeSpan wait) => wait < LongestTimer ? wait + TimeSpan.FromMilliseconds(1) : LongestTimer;
}
