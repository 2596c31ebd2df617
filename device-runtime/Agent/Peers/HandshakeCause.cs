namespace TrustMesh.Agent.Peers;

/// <summary>What moves a peer handshake.</summary>
public enum HandshakeCause
{
    /// <summary>M1 or M2 arrived.</summary>
    Hello,

    /// <summary>The other end is a member, as far as its membership goes.</summary>
    Met,

    /// <summary>M3 or M4 arrived.</summary>
    Proof,

    /// <summary>Own evidence is ready.</summary>
    Proven,

    /// <summary>Own verdict: affirming or warning.</summary>
    Accepted,

    /// <summary>Own verdict: anything else.</summary>
    Declined,

    /// <summary>M5 arrived.</summary>
    Close,

    /// <summary>Either end refused: the other said so, or something is wrong here.</summary>
    Refused,
}
