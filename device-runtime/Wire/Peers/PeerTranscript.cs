using System.Security.Cryptography;
using TrustMesh.Wire.Cbor;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Wire.Peers;

/// <summary>The transcript hash of a peer handshake (PROTOCOL.md section 13): both hellos as they went over the wire, both TLS keys, the channel.</summary>
public static class PeerTranscript
{
    private const int MaxBinding = 64;

    /// <summary><c>SHA-256(CBOR ["tm-ma/1", M1, M2, SPKI hash of I, SPKI hash of R, cbType, cbValue])</c>, 32 bytes.</summary>
    /// <param name="initiatorSpki">SHA-256 of the TLS client's SubjectPublicKeyInfo, 32 bytes; likewise <paramref name="responderSpki"/> for the server.</param>
    /// <param name="bindingValue">Empty for <see cref="ChannelBindingType.None"/>, else 1 to 64 bytes.</param>
    public static byte[] Hash(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> initiatorSpki, ReadOnlySpan<byte> responderSpki,
        ChannelBindingType bindingType, ReadOnlySpan<byte> bindingValue)
    {
        var writer = new StrictCborWriter(new byte[first.Length + second.Length + 256]);
        writer.WriteArray(7);
        writer.WriteText("label", PeerHello.Label);
        writer.WriteBytes("M1", first, 1, Caps.PeerMessage);
        writer.WriteBytes("M2", second, 1, Caps.PeerMessage);
        writer.WriteBytes("initiator spki", initiatorSpki, Caps.Hash, Caps.Hash);
        writer.WriteBytes("responder spki", responderSpki, Caps.Hash, Caps.Hash);
        writer.WriteEnum("cbType", bindingType);
        var bound = bindingType != ChannelBindingType.None;
        writer.WriteBytes("cbValue", bindingValue, bound ? 1 : 0, bound ? MaxBinding : 0);
        return SHA256.HashData(writer.Written);
    }
}
