using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Peers;

/// <summary>A member of this mesh by the authority's word, with its key ready to verify. That somebody is this member follows from evidence alone.</summary>
public sealed record PeerMember(Membership Membership, EnrolledDevice Enrolled);
