using System.Security.Cryptography;
using TrustMesh.Agent.Proving;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Peers;

/// <summary>
/// One end of the peer handshake (PROTOCOL.md section 13), pure: no socket, no clock, no I/O, no randomness of its own. Whatever is wrong ends it with
/// the one refusal there is (A31 to A34). In this order, whichever end it is:
/// <list type="number">
/// <item>the message is one that may come now, in its one encoding</item>
/// <item>the other end is not this device, by id or by key, and does not say this device's own nonce (A32)</item>
/// <item>each means the other (A34: right software, wrong device)</item>
/// <item>the channel is bound if both can (A33)</item>
/// <item>every later message names the transcript of exactly these two hellos, keys and channel (A31, A33)</item>
/// <item>policies are the same for the whole of it</item>
/// <item>the other end's verdict is about this device, of this transcript, and signed by the key of the connection (A34)</item>
/// </list>
/// One caller at a time.
/// </summary>
/// <param name="nonce">32 random bytes, used nowhere else.</param>
public abstract class Handshake(AttesterRole role, DeviceId self, PeerLink link, ReadOnlyMemory<byte> nonce)
{
    private const string AnotherTranscript = "it speaks of another transcript: other hellos, other TLS keys or another channel; either somebody stands in between, or a message of another handshake was replayed";

    private GossipStatements give = GossipStatements.None;
    private ChannelBindingType binding;

    /// <summary>This end's role in TLS.</summary>
    public AttesterRole Role => role;

    public HandshakePhase Phase { get; private set; }

    /// <summary>What the other end said of itself; null before its hello. Nothing of it is proven before this end judged.</summary>
    public PeerHello? Other { get; private set; }

    /// <summary>The other end's verdict on this device; null before it came.</summary>
    public PeerVerdict? TheirVerdict { get; private set; }

    /// <summary>TH, 32 bytes; empty before both hellos.</summary>
    public ReadOnlyMemory<byte> Transcript { get; private set; }

    /// <summary>The largest message that may come now, in bytes; 0 if none may.</summary>
    public int Cap => Phase switch
    {
        HandshakePhase.HelloAwaited => role == AttesterRole.TlsClient ? Caps.PeerMessage : Caps.PeerHello,
        HandshakePhase.ProofAwaited => Caps.PeerMessage,
        HandshakePhase.CloseAwaited => Caps.PeerHello,
        _ => 0,
    };

    protected DeviceId Self => self;

    protected PeerLink Link => link;

    protected ReadOnlyMemory<byte> Nonce => nonce;

    /// <summary>The facts this end's hello was made of.</summary>
    protected HelloFacts? Facts { get; set; }

    /// <summary>True if a newer policy went to the other end: a refusal may mean "begin again".</summary>
    protected bool GavePolicy => give.Policy is not null;

    /// <summary>A message of the other end, as it came.</summary>
    public HandshakeStep Receive(ReadOnlyMemory<byte> message)
    {
        if (Phase == HandshakePhase.Ended) return Refuse("a message came after the end");
        if (PeerRefusal.Is(message.Span)) return OnRefusal();
        if (Cap == 0) return Refuse("a message came while none was awaited");
        if (message.Length > Cap) return Refuse($"a message of {message.Length} bytes came, at most {Cap} are allowed here");
        try
        {
            return Phase switch
            {
                HandshakePhase.HelloAwaited => OnHello(message),
                HandshakePhase.ProofAwaited => OnProof(PeerProof.Decode(message)),
                _ => OnClose(PeerClose.Decode(message)),
            };
        }
        catch (WireException malformed)
        {
            return Refuse($"the message is not the one that has to come now: {malformed.Message}");
        }
    }

    /// <summary>The other end's membership is good.</summary>
    public abstract HandshakeStep Meet(Acquaintance acquaintance);

    /// <summary>This end's evidence for the question that was handed out, encoded.</summary>
    public HandshakeStep Prove(ReadOnlyMemory<byte> evidence)
    {
        if (Follow(HandshakeCause.Proven) is { } wrong) return wrong;
        return new(HandshakeNeed.Message, new PeerProof(Transcript, evidence, OwnVerdict, role == AttesterRole.TlsClient ? give : GossipStatements.None).Encode());
    }

    /// <summary>The policy that is in force after the other end's statements were looked at. Null: go on.</summary>
    public HandshakeStep? Learn(long policySerial)
        => policySerial == Facts?.PolicySerial ? null : Ended(HandshakeEnd.BeginAgain, $"it brought policy #{policySerial}, which is newer than the one this handshake began under", PeerRefusal.Bytes);

    /// <summary>This end's verdict on the other.</summary>
    /// <param name="verdict">COSE_Sign1.</param>
    public HandshakeStep Judge(ReadOnlyMemory<byte> verdict, bool accepted)
    {
        if (Follow(accepted ? HandshakeCause.Accepted : HandshakeCause.Declined) is { } wrong) return wrong;
        OwnVerdict = verdict;
        return OnJudged(accepted);
    }

    /// <summary>Ends it for a reason of this end's: no member, no evidence, no time left.</summary>
    public HandshakeStep Refuse(string reason) => Ended(HandshakeEnd.Refused, reason, PeerRefusal.Bytes);

    protected ReadOnlyMemory<byte>? OwnVerdict { get; private set; }

    protected abstract HandshakeStep OnHello(ReadOnlyMemory<byte> message);

    protected abstract HandshakeStep OnJudged(bool accepted);

    protected virtual HandshakeStep OnRefusal() => Ended(HandshakeEnd.RefusedByPeer, "it refused this device; its log says why", null);

    /// <summary>What both ends ask of a hello. Null: go on.</summary>
    protected HandshakeStep? Greet(PeerHello hello)
    {
        if (Follow(HandshakeCause.Hello) is { } wrong) return wrong;
        Other = hello;
        if (hello.Device == self) return Refuse("it says it is this device itself");
        if (link.TheirSpki.Span.SequenceEqual(link.Session.Spki.Span)) return Refuse("it has this device's own TLS key");
        if (CryptographicOperations.FixedTimeEquals(hello.Nonce.Span, nonce.Span)) return Refuse("it says this device's own nonce");
        return hello.Intended is { } meant && meant != self ? Refuse($"it means another device, {meant.Short}…") : null;
    }

    /// <summary>What both ends ask of an acquaintance. Null: go on.</summary>
    protected HandshakeStep? Follow(Acquaintance acquaintance)
    {
        if (Follow(HandshakeCause.Met) is { } wrong) return wrong;
        Facts ??= acquaintance.Facts;
        give = acquaintance.Give;
        if (Learn(acquaintance.Facts.PolicySerial) is { } again) return again;
        // Each selection is a signature of its own: under one policy there is one.
        return Other!.PolicySerial != Facts.PolicySerial || Other.Pcrs.SequenceEqual(Facts.Pcrs) ? null
            : Refuse($"it asks for PCR {string.Join(',', Other.Pcrs)}, which is not what policy #{Facts.PolicySerial} says");
    }

    protected void Bind(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ChannelBindingType chosen)
    {
        binding = chosen;
        var (client, server) = role == AttesterRole.TlsClient ? (link.Session.SpkiHash, link.TheirSpkiHash) : (link.TheirSpkiHash, (ReadOnlyMemory<byte>)link.Session.SpkiHash);
        Transcript = PeerTranscript.Hash(first, second, client.Span, server.Span, chosen, link.ValueOf(chosen).Span);
    }

    protected PeerHello Hello(DeviceId? intended, IReadOnlyList<ChannelBindingType> bindings, GossipStatements statements)
        => new(self, intended, nonce, bindings, Facts!.Bank, Facts.Pcrs, Facts.Boot, Facts.LogCursor, Facts.Membership, Facts.PolicySerial, Facts.StatusSerial, Facts.References, statements);

    /// <summary>What the other end wants proven, bound to what this end knows.</summary>
    protected Question Asked()
        => new(new(Transcript, Other!.Device, self, role, link.Session.SpkiHash, link.TheirSpkiHash, binding, link.ValueOf(binding)), link.Session, Other.Bank, Other.Pcrs, Other.Boot, Other.LogCursor);

    protected HandshakeStep Ended(HandshakeEnd end, string reason, ReadOnlyMemory<byte>? send)
    {
        var late = Phase == HandshakePhase.Ended;
        Phase = HandshakePhase.Ended;
        return new(HandshakeNeed.Nothing, late ? null : send) { End = end, Reason = reason };
    }

    private HandshakeStep OnProof(PeerProof proof)
    {
        if (Follow(HandshakeCause.Proof) is { } wrong) return wrong;
        if (Strange(proof.Transcript)) return Refuse(AnotherTranscript);
        if (role == AttesterRole.TlsServer ? proof.Verdict is not null : proof.Verdict is null) return Refuse("evidence came with a verdict where none may be, or without one");
        if (role == AttesterRole.TlsClient && !proof.Statements.IsEmpty) return Refuse("statements came where none may be");
        if (proof.Verdict is { } verdict && Take(verdict) is { } bad) return bad;
        var theirs = role == AttesterRole.TlsClient ? AttesterRole.TlsServer : AttesterRole.TlsClient;
        var leaf = new ChallengeLeaf(Transcript, self, Other!.Device, theirs, link.TheirSpkiHash, link.Session.SpkiHash, binding, link.ValueOf(binding));
        return new(HandshakeNeed.Judgement) { Submission = new(Other, proof.Evidence, leaf, proof.Statements) };
    }

    private HandshakeStep OnClose(PeerClose close)
    {
        if (Follow(HandshakeCause.Close) is { } wrong) return wrong;
        // The phase is over already; what is refused now only has to be said.
        if (Strange(close.Transcript)) return Late(AnotherTranscript);
        if (Take(close.Verdict) is { } bad) return Late(bad.Reason);
        return Ended(HandshakeEnd.Accepted, "", null);
    }

    private HandshakeStep Late(string reason) => new(HandshakeNeed.Nothing, PeerRefusal.Bytes) { End = HandshakeEnd.Refused, Reason = reason };

    private bool Strange(ReadOnlyMemory<byte> transcript) => !CryptographicOperations.FixedTimeEquals(transcript.Span, Transcript.Span);

    /// <summary>Null, and the verdict is kept, if it is the other end's on this device in this handshake.</summary>
    private HandshakeStep? Take(ReadOnlyMemory<byte> signed)
    {
        var statement = CoseSign1.Decode(signed);
        if (statement.Typ != PeerVerdict.Typ || !AttestationKey.FromSubjectPublicKeyInfo(link.TheirSpki).Verify(statement)) return Refuse("its verdict is not signed by the key of the connection");
        var verdict = PeerVerdict.DecodePayload(statement.Payload);
        if (verdict.Issuer != Other!.Device || verdict.Subject != self) return Refuse("its verdict is by or about another device");
        if (Strange(verdict.Transcript)) return Refuse(AnotherTranscript);
        if (!verdict.SubjectKey.Span.SequenceEqual(link.Session.Thumbprint)) return Refuse("its verdict is about another session key");
        TheirVerdict = verdict;
        return null;
    }

    /// <summary>Moves along the table; a step without an arrow ends it.</summary>
    private HandshakeStep? Follow(HandshakeCause cause)
    {
        if (HandshakeArrows.Next(role, Phase, cause) is not { } to) return Refuse($"{cause} can not happen while {Phase}");
        Phase = to;
        return null;
    }
}
