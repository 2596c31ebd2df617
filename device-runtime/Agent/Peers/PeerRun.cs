using TrustMesh.Agent.Proving;
using TrustMesh.Roots;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Peers;

/// <summary>One handshake on one connection; see <see cref="PeerEncounters"/>.</summary>
/// <param name="address">The address that was dialled; null on a connection that was accepted.</param>
/// <param name="began">A timestamp from before the connection was made.</param>
internal sealed class PeerRun(PeerParts parts, PeerChannel channel, Handshake handshake, string? address, long began)
{
    public const string NoMembership = "this device has no membership yet; it needs a silo once";

    private PeerMember? member;
    private AttesterState before = AttesterState.None;
    private PeerJudgement? judgement;
    private long asked;

    private bool Dialled => address is not null;

    public async Task<PeerEncounter> ToEndAsync(HandshakeStep step, CancellationToken stop)
    {
        while (true)
        {
            if (step.Need == HandshakeNeed.Nothing) return await LastAsync(step, stop);
            if (step.Send is { } message) await channel.WriteAsync(message, stop);
            step = step.Need switch
            {
                HandshakeNeed.Message => handshake.Receive(await channel.ReadAsync(handshake.Cap, stop)),
                HandshakeNeed.Acquaintance => Meet(step.Hello!),
                HandshakeNeed.Evidence => await ProveAsync(step.Question!, stop),
                _ => Judge(step.Submission!),
            };
        }
    }

    private async Task<PeerEncounter> LastAsync(HandshakeStep step, CancellationToken stop)
    {
        try
        {
            if (step.Send is { } message) await channel.WriteAsync(message, stop);
        }
        catch (PeerException)
        {
            // Whoever is gone does not hear the last word; how it ended does not depend on that.
            return Ended(step);
        }
        return Ended(step);
    }

    public PeerEncounter Ended(HandshakeStep step)
        => new(step.End ?? HandshakeEnd.Refused, step.Reason.Length > 0 ? step.Reason : judgement?.Because ?? "", handshake.Other?.Device, judgement, handshake.TheirVerdict?.Status);

    /// <summary>This end's hello, and in it its nonce, goes out now: what is known of the other end now is what its evidence has to continue.</summary>
    public HelloFacts Sends(PeerMember? other)
    {
        asked = parts.Time.GetTimestamp();
        member = other;
        before = other is null ? AttesterState.None : parts.History.Of(other.Membership.Device, other.Membership.EnrolmentId, began);
        return Facts(before);
    }

    private HandshakeStep Meet(PeerHello hello)
    {
        Take(hello.Statements);
        if (parts.Statements.MembershipSigned.IsEmpty) return handshake.Refuse(NoMembership);
        if (parts.Members.Of(hello, out var problem) is not { } met) return handshake.Refuse(problem);
        parts.Statements.Meet(met.Membership.Model);
        // One that has a newer status list may have been let in again: it will bring that list with its evidence.
        if (hello.StatusSerial <= (parts.Statements.Status?.Value.Serial ?? 0) && parts.Judge.Refused(met) is { } refused)
        {
            judgement = refused;
            if (!parts.Ledger.Holds(refused)) Conclude();
            return handshake.Refuse($"{met.Membership.Name}: {refused.Because}");
        }
        return handshake.Meet(new(Knows(met), parts.Statements.NewerThan(hello)));
    }

    private HelloFacts Knows(PeerMember met)
    {
        if (!Dialled) return Sends(met);
        // The hello went out before this end knew whom it would meet, or of which enrolment.
        if (member is null || !member.Membership.EnrolmentId.Span.SequenceEqual(met.Membership.EnrolmentId.Span)) before = parts.History.Before(met.Membership.Device, met.Membership.EnrolmentId, asked, began);
        member = met;
        return Facts(before);
    }

    private async Task<HandshakeStep> ProveAsync(Question question, CancellationToken stop)
    {
        try
        {
            return handshake.Prove((await parts.Proofs.AnswerAsync(question, stop)).Encode());
        }
        catch (Exception failed) when (failed is RootException or IOException)
        {
            return handshake.Refuse($"this device can not prove itself: {failed.Message}");
        }
    }

    private HandshakeStep Judge(PeerSubmission submission)
    {
        Take(submission.Statements);
        if (handshake.Learn(parts.Statements.Policy?.Policy.Serial ?? 0) is { } again) return again;
        judgement = parts.Judge.Judge(member!, before, channel.Link, submission, parts.Time.GetElapsedTime(asked));
        // Whoever dialled may be anybody who saw a membership: what is not authentic changes nothing here, and nothing is kept of it (A36, A42).
        if (!Dialled && !judgement.Authentic) return handshake.Judge(default, accepted: false);
        if (!Dialled && !parts.Rate.TryTake(member!.Membership.Device)) return handshake.Refuse("it examines this device too often");
        return Conclude() is { } signed ? handshake.Judge(signed, judgement.IsAccepted) : handshake.Refuse("the verdict can not be kept");
    }

    private byte[]? Conclude()
    {
        try
        {
            return parts.Ledger.Conclude(judgement!, channel.Link.Session, channel.Remote, address);
        }
        catch (Exception failed) when (failed is IOException or RootException)
        {
            parts.Ledger.Failed(failed.Message);
            return null;
        }
    }

    private void Take(GossipStatements brought)
    {
        if (brought.IsEmpty) return;
        foreach (var problem in parts.Statements.Offer(brought)) parts.Ledger.NotTaken(handshake.Other!.Device, problem);
    }

    private HelloFacts Facts(AttesterState state)
    {
        var policy = parts.Statements.Policy;
        var request = policy?.Request ?? QuoteRequest.Default;
        return new((ushort)request.Bank, request.Pcrs, policy?.Policy.ChannelBindingRequired ?? true, state.Boot, state.LogCount, parts.Statements.MembershipSigned,
            policy?.Policy.Serial ?? 0, parts.Statements.Status?.Value.Serial ?? 0, parts.Statements.References);
    }
}
