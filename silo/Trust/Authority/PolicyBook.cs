using System.Collections.Concurrent;
using TrustMesh.Contracts;
using TrustMesh.Trust.Acts;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Authority;

/// <summary>
/// The appraisal policy in force, signed by the authority with rising serials (attack A30). Every one ever in force is kept, for bundles.
/// Changes are made by one caller at a time or lose by compare-and-swap.
/// </summary>
public sealed class PolicyBook(MeshAuthority authority, IRecordStore store, Serials serials, TimeProvider time)
{
    private const string Kind = "policy", Current = "current", History = "policy-history", Id = "default", Silo = "silo";
    private static readonly TimeSpan Life = TimeSpan.FromDays(365);

    private readonly Lock gate = new();
    private readonly PolicyVersions versions = new(store);

    /// <summary>Policies that were in force, verified.</summary>
    private readonly ConcurrentDictionary<long, AppraisalPolicy> earlier = new();
    private Held? held;

    /// <summary>After another policy is in force.</summary>
    public event Action? Changed;

    /// <summary>The policy in force; <see cref="LoadAsync"/> comes first.</summary>
    public AppraisalPolicy InForce => Volatile.Read(ref held)?.Policy ?? throw new InvalidOperationException("The policy was not loaded.");

    /// <summary>Reads the stored policy; where there is none, or settings ask for other times, signs a new one.</summary>
    /// <param name="first">The policy of a new mesh.</param>
    /// <param name="lifetime">Seconds, null to leave it; likewise <paramref name="interval"/>.</param>
    public async Task LoadAsync(Policy first, CancellationToken cancellation, int? lifetime = null, int? interval = null)
    {
        try
        {
            await FollowAsync(cancellation);
            if (held is null)
            {
                await SaveAsync(first, Silo, "the first one", cancellation);
                return;
            }
            var policy = InForce.Policy;
            var wanted = Apply(policy, new PolicyUpdate(LifetimeSeconds: lifetime, IntervalSeconds: interval));
            if (wanted.LifetimeSeconds != policy.LifetimeSeconds || wanted.IntervalSeconds != policy.IntervalSeconds) await SaveAsync(wanted, Silo, "the silo was started with other times", cancellation);
            else await RenewAsync(cancellation);
        }
        catch (StaleRecordException) when (held is not null)
        {
            // Another silo of the same mesh starts at the same moment: what it signed is in force, and was read.
            return;
        }
    }

    /// <summary>Takes over what another silo has signed meanwhile.</summary>
    public async Task FollowAsync(CancellationToken cancellation)
    {
        if (await store.ReadAsync(Kind, Current, cancellation) is not { } row || row.Version <= (Volatile.Read(ref held)?.Version ?? 0)) return;
        var first = held is null;
        if (Take(new(row.Version, Read(row.Value))) && !first) Changed?.Invoke();
    }

    /// <summary>Signs a changed policy. The caller has checked the update with <see cref="PolicyRules"/>.</summary>
    public async Task<AppraisalPolicy> UpdateAsync(PolicyUpdate update, string by, CancellationToken cancellation, Telling<Policy>? tell = null)
    {
        await SaveAsync(Apply(InForce.Policy, update), by, update.Reason?.Trim() is { Length: > 0 } why ? why : null, cancellation, tell);
        return InForce;
    }

    /// <summary>The policy an update would make, unsigned and with the next serial there is; it is for looking only. The caller has checked the update.</summary>
    public Policy Draft(PolicyUpdate update)
    {
        var (policy, now) = (Apply(InForce.Policy, update), time.GetUtcNow());
        return policy with { Serial = policy.Serial + 1, IssuedAt = now.ToUnixTimeSeconds(), ExpiresAt = (now + Life).ToUnixTimeSeconds() };
    }

    /// <summary>Policies that are or were in force, newest first.</summary>
    public Task<IReadOnlyList<PolicyVersion>> VersionsAsync(CancellationToken cancellation) => versions.ListAsync(View(), cancellation);

    /// <summary>Signs the same policy anew when half of its life is over.</summary>
    public async Task RenewAsync(CancellationToken cancellation)
    {
        if (InForce.Policy.ExpiresAt - time.GetUtcNow().ToUnixTimeSeconds() < Life.TotalSeconds / 2) await SaveAsync(InForce.Policy, Silo, "signed anew, as half of its life was over", cancellation);
    }

    /// <summary>The signed policy of that serial, or null.</summary>
    public async Task<ReadOnlyMemory<byte>?> FindAsync(long serial, CancellationToken cancellation)
        => serial == InForce.Policy.Serial ? InForce.Signed : (await store.ReadAsync(History, SerialText(serial), cancellation))?.Value;

    /// <summary>The policy of that serial, verified and ready to appraise with; null if it is not kept.</summary>
    public async Task<AppraisalPolicy?> FindAppraisalAsync(long serial, CancellationToken cancellation)
    {
        if (serial == InForce.Policy.Serial) return InForce;
        if (earlier.TryGetValue(serial, out var known)) return known;
        if (await FindAsync(serial, cancellation) is not { } signed) return null;
        var read = Read(signed);
        // A few are asked for again and again; the oldest of many by nobody.
        if (earlier.Count >= PolicyVersions.Most) earlier.Clear();
        return earlier[serial] = read;
    }

    /// <summary>The policy as operators see it.</summary>
    public PolicyView View() => View(InForce.Policy);

    /// <inheritdoc cref="View()"/>
    public static PolicyView View(Policy policy)
        => new(
            policy.Id, policy.Serial, "sha256", policy.Pcrs, policy.MeasurementPcr, policy.LifetimeSeconds, policy.IntervalSeconds,
            [.. policy.Tiers.Select(Tiers.Text)], policy.ChannelBindingRequired, policy.MayChange, [.. policy.DeniedFirmware.Select(firmware => $"{firmware:x16}")],
            TwinTransition.Text(policy.UnknownFile), DateTimeOffset.FromUnixTimeSeconds(policy.IssuedAt), DateTimeOffset.FromUnixTimeSeconds(policy.ExpiresAt),
            policy.PeerRules.GraceSeconds, policy.PeerRules.Quorum, policy.PeerRules.Peers);

    internal static string SerialText(long serial) => serial.ToString("d19", System.Globalization.CultureInfo.InvariantCulture);

    private static Policy Apply(Policy policy, PolicyUpdate update) => policy with
    {
        Pcrs = update.Pcrs is null ? policy.Pcrs : [.. update.Pcrs.Append(policy.MeasurementPcr).Distinct().Order()],
        LifetimeSeconds = update.LifetimeSeconds ?? policy.LifetimeSeconds,
        IntervalSeconds = update.IntervalSeconds ?? policy.IntervalSeconds,
        Tiers = update.Tiers is null ? policy.Tiers : [.. update.Tiers.Select(tier => Tiers.Parse(tier)!.Value).Distinct().Order()],
        ChannelBindingRequired = update.ChannelBindingRequired ?? policy.ChannelBindingRequired,
        MayChange = update.MayChange ?? policy.MayChange,
        DeniedFirmware = update.DeniedFirmware is null ? policy.DeniedFirmware : [.. update.DeniedFirmware.Select(text => Convert.ToUInt64(text, 16)).Distinct().Order()],
        UnknownFile = update.UnknownFile is null ? policy.UnknownFile : PolicyRules.ParseStatus(update.UnknownFile)!.Value,
        Peers = new(update.GraceSeconds ?? policy.PeerRules.GraceSeconds, update.Quorum ?? policy.PeerRules.Quorum, update.Peers ?? policy.PeerRules.Peers),
    };

    private async Task SaveAsync(Policy policy, string by, string? why, CancellationToken cancellation, Telling<Policy>? tell = null)
    {
        var now = time.GetUtcNow();
        var numbered = policy with
        {
            Issuer = authority.Mesh, Id = Id, Serial = await serials.NextAsync("policy", cancellation),
            IssuedAt = now.ToUnixTimeSeconds(), ExpiresAt = (now + Life).ToUnixTimeSeconds(),
        };
        var signed = authority.Key.Sign(numbered.EncodePayload(), Policy.Typ);
        await store.WriteAsync(History, SerialText(numbered.Serial), 0, signed, cancellation);
        try
        {
            var expected = Volatile.Read(ref held)?.Version ?? 0;
            await store.ActAsync(Kind, Current, expected, signed, tell?.Invoke(numbered) ?? [], cancellation);
            Take(new(expected + 1, Read(signed)));
        }
        catch
        {
            // Lost a race, or the outcome is unknown: what is stored is what is in force.
            await FollowAsync(CancellationToken.None);
            throw;
        }
        Changed?.Invoke();
        // It is in force, and nobody may cancel that any more.
        await versions.AddAsync(new(numbered.Serial, now, by, why), CancellationToken.None);
    }

    /// <summary>False if what is held is as new.</summary>
    private bool Take(Held newer)
    {
        lock (gate)
        {
            if (held is not null && held.Version >= newer.Version) return false;
            Volatile.Write(ref held, newer);
            return true;
        }
    }

    /// <summary>What we signed passes the same checks as what anybody signs; an expired one is still readable, to be renewed.</summary>
    private AppraisalPolicy Read(ReadOnlyMemory<byte> signed)
    {
        var issued = Policy.DecodePayload(CoseSign1.Decode(signed).Payload).IssuedAt;
        var statement = authority.Statements.VerifyPolicy(signed, DateTimeOffset.FromUnixTimeSeconds(issued));
        return statement.Accepted ?? throw new InvalidDataException($"The stored policy is not acceptable ({statement.Findings.First(finding => finding.Outcome == Outcome.Fail).Got}). Restore the database from a backup.");
    }

    /// <param name="Version">Of the row.</param>
    private sealed record Held(long Version, AppraisalPolicy Policy);
}
