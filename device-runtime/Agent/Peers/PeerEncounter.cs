using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Peers;

/// <summary>How a connection with a peer ended.</summary>
/// <param name="Reason">A clause that can stand in a sentence: lower case, no full stop.</param>
/// <param name="Device">Who the other end said it is; proven only where the judgement is authentic. Null if it did not get so far.</param>
/// <param name="Judgement">Null if it was not judged.</param>
/// <param name="Theirs">What the other end thinks of this device; null if it did not say.</param>
public sealed record PeerEncounter(HandshakeEnd End, string Reason, DeviceId? Device, PeerJudgement? Judgement, TrustTier? Theirs);
