using System.Security.Cryptography;
using TrustMesh.Agent.Identity;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Peers;

/// <summary>One TLS connection to a peer, as far as a handshake is bound to it.</summary>
/// <param name="session">This end's key.</param>
/// <param name="theirSpki">SubjectPublicKeyInfo of the other end's key, DER.</param>
/// <param name="binding">The client's Finished value; empty where the platform does not give it.</param>
public sealed class PeerLink(SessionKey session, ReadOnlyMemory<byte> theirSpki, ReadOnlyMemory<byte> binding)
{
    public SessionKey Session { get; } = session;

    public ReadOnlyMemory<byte> TheirSpki { get; } = theirSpki;

    /// <summary>32 bytes.</summary>
    public ReadOnlyMemory<byte> TheirSpkiHash { get; } = SHA256.HashData(theirSpki.Span);

    public ReadOnlyMemory<byte> Binding { get; } = binding;

    public bool CanBind => !Binding.IsEmpty;

    /// <summary>The value that belongs to a type.</summary>
    public ReadOnlyMemory<byte> ValueOf(ChannelBindingType type) => type == ChannelBindingType.Finished ? Binding : default;
}
