using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Peers;

/// <summary>The end that dialled: I, the TLS client. See <see cref="Handshake"/>.</summary>
/// <param name="intended">Whom it calls; null where only an address is known.</param>
public sealed class HandshakeInitiator(DeviceId self, PeerLink link, ReadOnlyMemory<byte> nonce, DeviceId? intended) : Handshake(AttesterRole.TlsClient, self, link, nonce)
{
    private IReadOnlyList<ChannelBindingType> offered = [];
    private ReadOnlyMemory<byte> first;

    /// <summary>M1.</summary>
    public HandshakeStep Begin(HelloFacts facts)
    {
        Facts = facts;
        // What the policy does not accept is not offered: then nobody can choose it.
        offered = !Link.CanBind ? [ChannelBindingType.None] : facts.BindingRequired ? [ChannelBindingType.Finished] : [ChannelBindingType.None, ChannelBindingType.Finished];
        first = Hello(intended, offered, GossipStatements.None).Encode();
        return new(HandshakeNeed.Message, first);
    }

    public override HandshakeStep Meet(Acquaintance acquaintance)
        => Follow(acquaintance) ?? new(HandshakeNeed.Evidence) { Question = Asked() };

    protected override HandshakeStep OnHello(ReadOnlyMemory<byte> message)
    {
        var hello = PeerHello.Decode(message);
        if (Greet(hello) is { } wrong) return wrong;
        if (hello.Intended is null) return Refuse("it does not say whom it means");
        if (intended is { } meant && hello.Device != meant) return Refuse($"another device answered than the one that was called: {hello.Device.Short}… instead of {meant.Short}…");
        if (hello.Bindings.Count != 1 || !offered.Contains(hello.Bindings[0])) return Refuse("it chose a channel binding that was not offered");
        Bind(first.Span, message.Span, hello.Bindings[0]);
        return new(HandshakeNeed.Acquaintance) { Hello = hello };
    }

    /// <summary>The verdict on R goes out whatever it is: R may as well know who refuses it.</summary>
    protected override HandshakeStep OnJudged(bool accepted)
        => new(HandshakeNeed.Nothing, new PeerClose(Transcript, OwnVerdict!.Value).Encode()) { End = accepted ? HandshakeEnd.Accepted : HandshakeEnd.Declined };

    protected override HandshakeStep OnRefusal()
        => Phase == HandshakePhase.ProofAwaited && GavePolicy ? Ended(HandshakeEnd.BeginAgain, "it got a newer policy from this device", null) : base.OnRefusal();
}
