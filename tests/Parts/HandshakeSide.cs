using System.Security.Cryptography;
using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Peers;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Parts;

/// <summary>One end of a <see cref="HandshakePair"/>.</summary>
public sealed class HandshakeSide
{
    private readonly PeerLink link;
    private PeerMember? member;
    private AttesterState before = AttesterState.None;
    private long sequence;

    public HandshakeSide(MeshDevice device, Func<PeerLink, Handshake> make, MeshDevice other, byte[] binding, SessionKey? session = null)
    {
        Device = device;
        link = new(session ?? device.Sessions.Current, other.Sessions.Current.Spki, binding);
        Handshake = make(link);
        Last = new(HandshakeNeed.Message);
    }

    public MeshDevice Device { get; }

    public Handshake Handshake { get; }

    /// <summary>The step that came last.</summary>
    public HandshakeStep Last { get; private set; }

    public PeerJudgement? Judgement { get; private set; }

    /// <summary>What this end asked itself to do, in order.</summary>
    public List<HandshakeNeed> Needs { get; } = [];

    /// <summary>Changes the facts of this end's hello.</summary>
    public Func<HelloFacts, HelloFacts> Facts { get; set; } = same => same;

    public Func<PeerVerdict, PeerVerdict> Verdict { get; set; } = same => same;

    public SessionKey? VerdictKey { get; set; }

    public Task<HandshakeStep> BeginAsync() => FollowAsync(((HandshakeInitiator)Handshake).Begin(Hello()));

    public Task<HandshakeStep> ReceiveAsync(ReadOnlyMemory<byte> message) => FollowAsync(Handshake.Receive(message));

    private async Task<HandshakeStep> FollowAsync(HandshakeStep step)
    {
        ReadOnlyMemory<byte>? send = null;
        while (true)
        {
            Needs.Add(step.Need);
            send = step.Send ?? send;
            if (step.Need is HandshakeNeed.Message or HandshakeNeed.Nothing) return Last = step with { Send = send };
            step = step.Need switch
            {
                HandshakeNeed.Acquaintance => Meet(step.Hello!),
                HandshakeNeed.Evidence => Handshake.Prove((await Device.Proofs.AnswerAsync(step.Question!, CancellationToken.None)).Encode()),
                _ => Judge(step.Submission!),
            };
        }
    }

    private HandshakeStep Meet(PeerHello hello)
    {
        Device.Statements.Offer(hello.Statements);
        member = Device.Members.Of(hello, out var problem);
        if (member is null) return Handshake.Refuse(problem);
        before = Device.History.Of(member.Membership.Device, member.Membership.EnrolmentId, long.MaxValue);
        return Handshake.Meet(new(Hello(), Device.Statements.NewerThan(hello)));
    }

    private HandshakeStep Judge(PeerSubmission submission)
    {
        Device.Statements.Offer(submission.Statements);
        if (Handshake.Learn(Device.Statements.Policy!.Policy.Serial) is { } again) return again;
        Judgement = Device.Judge.Judge(member!, before, link, submission, TimeSpan.FromMilliseconds(7));
        var verdict = Verdict(Judgement.Verdict with { Sequence = ++sequence });
        return Handshake.Judge((VerdictKey ?? link.Session).Sign(verdict.EncodePayload(), PeerVerdict.Typ), Judgement.IsAccepted);
    }

    private HelloFacts Hello()
    {
        var (statements, policy) = (Device.Statements, Device.Statements.Policy!);
        return Facts(new(policy.Policy.Bank, policy.Policy.Pcrs, policy.Policy.ChannelBindingRequired, before.Boot, before.LogCount, statements.MembershipSigned, policy.Policy.Serial,
            statements.Status?.Value.Serial ?? 0, statements.References));
    }
}
