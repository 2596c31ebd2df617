namespace TrustMesh.Wire.Messages;

/// <summary>What a policy says about peers. PROTOCOL.md section 9, body key 11.</summary>
/// <param name="GraceSeconds">A device whose newest status list is older treats everyone as unknown.</param>
/// <param name="Quorum">So many independent contraindicated verdicts of peers suspend a device without an operator; 0: never.</param>
/// <param name="Peers">How many peers a device examines, and is examined by.</param>
public sealed record PeerRules(int GraceSeconds, int Quorum, int Peers)
{
    public const int MostPeers = 16, MostQuorum = 64;

    /// <summary>What a policy without them means.</summary>
    public static PeerRules Default { get; } = new(86_400, 3, 4);
}
