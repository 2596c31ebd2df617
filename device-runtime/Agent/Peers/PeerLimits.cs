namespace TrustMesh.Agent.Peers;

/// <summary>How much others may ask of this device (attack A42).</summary>
/// <param name="Connections">Incoming at one moment.</param>
/// <param name="Reserved">Of those, so many only for addresses at which a peer is known: a flood of strangers does not keep members out.</param>
/// <param name="PerSource">Incoming connections of one address at one moment, if no peer is known there.</param>
/// <param name="SourceRate">New connections a second of one such address; bursts of four times as many.</param>
/// <param name="DeviceRate">Handshakes a second of one device that proved itself; bursts of eight times as many.</param>
/// <param name="Outgoing">Examinations at one moment.</param>
/// <param name="MessageBytes">Of all messages that are being received.</param>
public sealed record PeerLimits(int Connections, int Reserved, int PerSource, int SourceRate, int DeviceRate, int Outgoing, int MessageBytes)
{
    /// <summary>For a small device.</summary>
    public static PeerLimits Default { get; } = new(128, 48, 16, 20, 4, 16, 24 * 1024 * 1024);
}
