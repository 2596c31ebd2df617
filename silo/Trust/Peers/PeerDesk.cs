using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Feed;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Peers;

/// <summary>
/// Takes verified verdicts of devices: timelines first, then the ledger, then memory, then the graph, then the quorum. Whoever dies in between
/// has lost nothing: the device sends again what was not acknowledged, and a line that is there is not written twice. Thread-safe.
/// </summary>
public sealed class PeerDesk(
    PeerLedger ledger, PeerEdges edges, DeviceDirectory directory, PolicyBook policies, Func<DeviceId, IDeviceTwin> twins,
    Func<IssuerRecord, long, CancellationToken, Task> publish, TimeProvider time)
{
    private const int MostTries = 8;

    /// <summary>Takes what is new of these verdicts. Throws <see cref="StaleRecordException"/> where other uploads of the device are always faster.</summary>
    /// <param name="issuer">Proven on the connection the verdicts came over.</param>
    /// <param name="dropped">Verdicts the device had to drop, ever.</param>
    /// <returns>The first sequence that is not here.</returns>
    public async Task<long> TakeAsync(Enrolment issuer, long dropped, IReadOnlyList<VerifiedPeerVerdict> verdicts, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            var (before, version) = await ledger.ReadAsync(issuer.Device, cancellation) ?? (IssuerRecord.None(issuer.Device, issuer.Id), 0);
            var step = LedgerTransition.Take(before, issuer.Name, issuer.Id, dropped, verdicts, subject => Others(issuer.Device, subject));
            if (step.Changed)
            {
                foreach (var lines in step.Lines.GroupBy(one => one.Device, one => one.Line)) await HearAsync(lines.Key, new([.. lines], [], 0), cancellation);
                try
                {
                    // From here on nobody may cancel: a half-heard save is an unknown outcome, and the device then asks again.
                    await ledger.WriteAsync(step.Record, version, CancellationToken.None);
                }
                catch (StaleRecordException) when (tries < MostTries)
                {
                    // Another upload of the same device was faster: what it brought is passed over.
                    continue;
                }
                await publish(step.Record, version + 1, CancellationToken.None);
            }
            foreach (var subject in step.Heard) await AccuseAsync(subject, cancellation);
            return step.Record.Next;
        }
    }

    /// <summary>Every present word about a device; an expired one or one older than the policy lets any verdict be is none (attack A22).</summary>
    public IReadOnlyList<PeerWord> Words(DeviceId subject)
    {
        var lifetime = TimeSpan.FromSeconds(policies.InForce.Policy.LifetimeSeconds);
        var words = new List<PeerWord>();
        foreach (var edge in edges.About(subject))
        {
            if (!directory.TryGet(edge.Issuer, out var issuer)) continue;
            var until = edge.ExpiresAt < edge.IssuedAt + lifetime ? edge.ExpiresAt : edge.IssuedAt + lifetime;
            words.Add(new(edge.Issuer, issuer.Name, Counts(issuer), edge.Status, edge.Reason, edge.IssuedAt, until));
        }
        return words;
    }

    /// <summary>A device the silo does not trust itself, or that keeps contradicting everybody, moves nobody.</summary>
    private bool Counts(DeviceEntry issuer) => issuer.Standing == Standing.Active && issuer.Status != TrustTier.Contraindicated && !edges.IsDoubted(issuer.Device);

    /// <summary>What everybody else who counts says about a device, and the silo as one of them.</summary>
    private List<HeldWord> Others(DeviceId issuer, DeviceId subject)
    {
        var words = new List<HeldWord>();
        foreach (var edge in edges.About(subject))
            if (edge.Issuer != issuer && directory.TryGet(edge.Issuer, out var other) && Counts(other)) words.Add(edge.Word);
        if (directory.TryGet(subject, out var known) && known is { ProvenAt: { } proven, StatusSince: { } since, ExpiresAt: { } until }) words.Add(new(HeldWord.Of(known.Status), since, proven, until));
        return words;
    }

    /// <summary>Hands a twin the words about it if they may be enough; healthy rounds cost it nothing.</summary>
    public async Task AccuseAsync(DeviceId subject, CancellationToken cancellation)
    {
        var quorum = policies.InForce.Policy.PeerRules.Quorum;
        if (quorum == 0 || !directory.TryGet(subject, out var entry) || entry.Standing != Standing.Active) return;
        var now = time.GetUtcNow();
        var words = Words(subject);
        if (words.Count(word => word.Counts && word.Status == TrustTier.Contraindicated && now < word.ExpiresAt) >= quorum) await HearAsync(subject, new([], words, quorum), cancellation);
    }

    private async Task HearAsync(DeviceId device, PeerNews news, CancellationToken cancellation)
    {
        // A verdict may name a device this silo does not know, or one whose row is isolated: neither may hold up the verdicts on others.
        if (!directory.TryGet(device, out _) || directory.Unreadable.ContainsKey(device)) return;
        try
        {
            await twins(device).HearAsync(news, cancellation);
        }
        catch (UnreadableTwinException)
        {
            // Attack A43: the device is isolated, and told of by its own calls; what is said of others goes on.
            return;
        }
    }
}
