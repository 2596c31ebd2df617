using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Peers;

/// <summary>What this device says of itself in a hello, and wants of the other end as its challenger; see <see cref="PeerHello"/>.</summary>
/// <param name="BindingRequired">The policy does not accept a connection that is not under the signature.</param>
/// <param name="Boot">Of the other end, as far as it is known; 0 for nothing. Likewise <paramref name="LogCursor"/>.</param>
public sealed record HelloFacts(
    ushort Bank,
    IReadOnlyList<int> Pcrs,
    bool BindingRequired,
    uint Boot,
    int LogCursor,
    ReadOnlyMemory<byte> Membership,
    long PolicySerial,
    long StatusSerial,
    IReadOnlyList<ModelSerial> References);
