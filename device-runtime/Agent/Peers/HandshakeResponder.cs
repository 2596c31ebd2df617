using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Peers;

/// <summary>The end that was dialled: R, the TLS server. It shows evidence only to whom it accepted. See <see cref="Handshake"/>.</summary>
public sealed class HandshakeResponder(DeviceId self, PeerLink link, ReadOnlyMemory<byte> nonce) : Handshake(AttesterRole.TlsServer, self, link, nonce)
{
    private ReadOnlyMemory<byte> first;

    /// <summary>M2.</summary>
    public override HandshakeStep Meet(Acquaintance acquaintance)
    {
        if (Follow(acquaintance) is { } wrong) return wrong;
        if (Chosen(acquaintance.Facts) is not { } binding) return Refuse("no channel binding is offered that this device can do and its policy accepts");
        var second = Hello(Other!.Device, [binding], acquaintance.Give).Encode();
        Bind(first.Span, second, binding);
        return new(HandshakeNeed.Message, second);
    }

    protected override HandshakeStep OnHello(ReadOnlyMemory<byte> message)
    {
        var hello = PeerHello.Decode(message);
        if (Greet(hello) is { } wrong) return wrong;
        if (!hello.Statements.IsEmpty) return Refuse("statements came in the first message, where none may be");
        first = message;
        return new(HandshakeNeed.Acquaintance) { Hello = hello };
    }

    protected override HandshakeStep OnJudged(bool accepted)
        => accepted ? new(HandshakeNeed.Evidence) { Question = Asked() } : new(HandshakeNeed.Nothing, PeerRefusal.Bytes) { End = HandshakeEnd.Declined };

    /// <summary>The connection itself wherever both can bind it; never nothing then (A33).</summary>
    private ChannelBindingType? Chosen(HelloFacts facts)
    {
        if (Link.CanBind && Other!.Bindings.Contains(ChannelBindingType.Finished)) return ChannelBindingType.Finished;
        return !facts.BindingRequired && Other!.Bindings.Contains(ChannelBindingType.None) ? ChannelBindingType.None : null;
    }
}
