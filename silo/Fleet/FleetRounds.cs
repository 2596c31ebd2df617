using System.Security.Cryptography;
using TrustMesh.Host;
using TrustMesh.Trust.Peers;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Fleet;

/// <summary>
/// What simulated devices do at a silo in this process. Enrolment, evidence, verdict, twin, log, ledger and feed are the silo's own; only sockets are left out,
/// and signatures of devices about each other are made but not checked again.
/// </summary>
internal sealed class FleetRounds(Silo silo, SimulatedFleet fleet, int lifetime)
{
    private readonly EvidenceVerifier verifier = new();

    public Task<TwinState> EnrolAsync(SimulatedDevice device, CancellationToken ct)
        => silo.Place.Twin(device.Id).EnrolAsync(new(device.Enrolment(silo.Time.GetUtcNow()), device.Fate != Fate.Pending), ct);

    /// <summary>One proof; the twin after it.</summary>
    public async Task<TwinState> ProveAsync(SimulatedDevice device, CancellationToken ct)
    {
        await device.Gate.WaitAsync(ct);
        try
        {
            var twin = silo.Place.Twin(device.Id);
            var state = await twin.ReadAsync(ct) ?? throw new InvalidOperationException($"{device.Name} is not enrolled");
            var leaf = new ChallengeLeaf(
                RandomNumberGenerator.GetBytes(32), silo.Key.Id, device.Id, AttesterRole.TlsClient, SHA256.HashData(device.Key.Span), silo.Key.SpkiHash, ChannelBindingType.Finished, RandomNumberGenerator.GetBytes(48));
            var now = silo.Time.GetUtcNow();
            var evidence = device.Prove(leaf, state.Attester.LogCount, now);
            var judged = verifier.Verify(
                evidence, leaf, device.Key, silo.Enrolled.For(state.Enrolment), state.Attester, silo.Policies.InForce, silo.References.For(device.Model), now);
            if (judged.Verified is not { } verified)
                throw new InvalidOperationException($"{device.Name} was refused: {judged.Findings.First(finding => finding.Outcome == Outcome.Fail).Got}");
            silo.Meter.Accept(TwinTransition.Text(verified.Verdict.Status), TimeSpan.Zero);
            return (await twin.AcceptAsync(verified, device.Key, ct))!.State;
        }
        finally
        {
            device.Gate.Release();
        }
    }

    /// <summary>It examines the devices it is to examine.</summary>
    public async Task JudgeAsync(SimulatedDevice issuer, CancellationToken ct)
    {
        await issuer.Gate.WaitAsync(ct);
        try
        {
            var now = silo.Time.GetUtcNow();
            var (record, version) = await silo.Ledger.ReadAsync(issuer.Id, ct) ?? (IssuerRecord.None(issuer.Id, issuer.Enrolment(now).Id), 0);
            foreach (var subject in fleet.ExaminedBy(issuer).Where(other => other.IsActive))
            {
                var (verdict, signed) = issuer.Judge(subject, now, lifetime);
                var before = record.Edge(subject.Id);
                var next = EdgeRecord.Next(before, verdict, signed);
                record = record with { Edges = before is null ? record.Edges.Add(next) : record.Edges.Replace(before, next), Next = verdict.Sequence + 1 };
            }
            await silo.Ledger.WriteAsync(record, version, ct);
            await silo.Place.PublishAsync(record, version + 1, ct);
        }
        finally
        {
            issuer.Gate.Release();
        }
    }
}
