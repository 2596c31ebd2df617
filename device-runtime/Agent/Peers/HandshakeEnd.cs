namespace TrustMesh.Agent.Peers;

/// <summary>How a handshake ended, as this end sees it.</summary>
public enum HandshakeEnd
{
    /// <summary>The other end proved itself and this end accepts it.</summary>
    Accepted,

    /// <summary>The other end was judged and is not accepted.</summary>
    Declined,

    /// <summary>What the other end sent is not the protocol, or not meant for this end; it was not judged.</summary>
    Refused,

    /// <summary>The other end refused, and does not say why.</summary>
    RefusedByPeer,

    /// <summary>A newer policy was learned on the way: the initiator may begin again at once.</summary>
    BeginAgain,
}
