using TrustMesh.Agent.Hosting;
using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Silo;
using TrustMesh.Roots;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Life;

/// <summary>What the life does in each phase, and what it waits for.</summary>
public sealed partial class DeviceLife
{
    private static readonly TimeSpan LongestHeld = TimeSpan.FromSeconds(5);

    private bool deliveryFailed;

    private async Task<Happening> ActAsync(CancellationToken stop)
    {
        if (now.Phase == AgentPhase.Starting) return Happening.Began(identity is not null);
        try
        {
            if (attester.FollowBoot())
            {
                log.NewBoot();
                measurer.Restart();
                TellTakeUp(measurer.Settle());
            }
            return now.Phase == AgentPhase.Enrolling ? await EnrolAsync(stop) : await ProveAsync(stop);
        }
        catch (SiloException failed)
        {
            return RootIsLost(failed.InnerException) ?? Happening.Failed(failed);
        }
        catch (Exception local) when (local is RootException or IOException)
        {
            return RootIsLost(local) ?? Happening.Failed(new(FailureKind.Local, local.Message, null, local));
        }
    }

    /// <summary>A connection to a TPM does not heal by itself: after a few attempts whoever runs this life opens the root anew.</summary>
    private Happening? RootIsLost(Exception? why)
        => why is RootException lost && now.Attempt >= MostRootFailures ? throw new RootException(lost.Message, lost) : null;

    private async Task<Happening> EnrolAsync(CancellationToken stop)
    {
        if (JoinTokenSource.Find(config, out var problem) is not { } token) return new(Cause.EnrolmentRefused, problem);
        var (answer, enrolment) = await exchange.EnrolAsync(token, (root, secret) => new(secret, config.Name, config.Site, config.Model, root.Kind, root.RootPublic, root.Certificates, root.AttestationKey, root.Facts), stop);
        var joined = new DeviceIdentity(attester.Root.Device.Text, Text(token.AuthorityPin), Text(exchange.Authority!.PublicKey.ExportSubjectPublicKeyInfo()), Convert.ToHexStringLower(enrolment), exchange.Silo!.ToString(), time.GetUtcNow());
        // Saved first, believed second: an identity only in memory would enrol again after a power cut.
        joined.Save(files);
        identity = joined;
        standing = answer.Standing;
        // A member anew is one of another enrolment, perhaps of another mesh: what was held true before does not count in it.
        if (mesh is not null) await mesh.DisposeAsync();
        mesh = null;
        foreach (var peer in book.All) book.Update(peer.Device, known => (known ?? peer) with { Assigned = false, Status = TrustTier.None, JudgedAt = null, ExpiresAt = null, Because = [] });
        mesh = Mesh(joined);
        mesh.Start();
        if (answer.Membership is { } membership) mesh.OfferMembership(membership);
        return Happening.Joined(answer.Standing);
    }

    private async Task<Happening> ProveAsync(CancellationToken stop)
    {
        var receipt = await exchange.ProveAsync(identity!.Pin()!, stop);
        standing = receipt.Standing;
        mesh!.Accepted(receipt, exchange.Session!);
        bell.Press(Ring.Verdicts);
        return Happening.Accepted(receipt.Standing, TimeSpan.FromSeconds(receipt.NextSeconds));
    }

    /// <summary>Waits for the phase's end or a change. Null: look again, nothing happened.</summary>
    private async Task<Happening?> WaitAsync(Task measuring, CancellationToken stop)
    {
        var beside = Task.WhenAny(measuring, doors.Running, mesh?.Running ?? measuring);
        var due = now.DueAt - time.GetUtcNow();
        var heard = due > TimeSpan.Zero ? await bell.WaitAsync(due, beside, stop) : Ring.None;
        if (beside.IsCompleted) return null;
        if (heard == Ring.None) return new(now.Enrolled ? Cause.Due : Cause.DueToEnrol, "due");
        if ((heard & Ring.Verdicts) != 0 && !await DeliverAsync(stop)) heard |= Ring.ProofWanted;
        if ((heard & (Ring.Measured | Ring.ProofWanted | Ring.Asked)) == 0 || !now.Enrolled || !StateMachine.Knows(now.Phase, Cause.Changed)) return null;
        var earliest = (now.ProvenAt ?? DateTimeOffset.MinValue) + config.IntervalFloor;
        // A silo that asks all the time gets no more proofs than the floor lets it have, and a wish holds up nothing else for long (attack A46).
        if ((heard & (Ring.Measured | Ring.ProofWanted)) == 0 && earliest - time.GetUtcNow() > LongestHeld) return null;
        if (earliest > time.GetUtcNow()) await Task.WhenAny(Task.Delay(earliest - time.GetUtcNow(), time, stop), beside);
        stop.ThrowIfCancellationRequested();
        return new(Cause.Changed, (heard & Ring.Measured) != 0 ? "a measured file changed" : (heard & Ring.ProofWanted) != 0 ? "the silo has to hear of this session" : "an operator asked for a proof");
    }

    /// <summary>
    /// Hands the verdicts that wait to the silo, on the connection of the last proof. False: that connection is gone, so a new proof is wanted; once, for
    /// what fails again right after a proof has another reason.
    /// </summary>
    private async Task<bool> DeliverAsync(CancellationToken stop)
    {
        if (mesh is null || now.ProvenAt is null || now.Phase is not (AgentPhase.Waiting or AgentPhase.AwaitingApproval or AgentPhase.Suspended or AgentPhase.Revoked)) return true;
        try
        {
            if (mesh.Outbox.Waiting > 0 && exchange.Session is null) throw new SiloException(FailureKind.Unreachable, "the connection to the silo ended");
            // A change is proven before the rest of a long outage is told.
            while (!bell.Rang(Ring.Measured) && await exchange.UploadAsync(mesh.Outbox, stop)) TurnedAt = time.GetUtcNow();
            deliveryFailed = false;
            return true;
        }
        catch (SiloException failed)
        {
            log.UploadFailed(failed.Message);
            var first = !deliveryFailed;
            deliveryFailed = true;
            return !first || failed.Kind is not (FailureKind.Unreachable or FailureKind.NotProven);
        }
    }

    private static string Text(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
