using TrustMesh.Agent.Proving;
using TrustMesh.Agent.Statements;
using TrustMesh.Wire;

namespace TrustMesh.Agent.Peers;

/// <summary>What every handshake of this device works with.</summary>
/// <param name="Rate">Of devices that proved themselves.</param>
internal sealed record PeerParts(
    DeviceId Self, MeshStatements Statements, ProofBatch Proofs, PeerMembers Members, PeerHistory History, PeerJudge Judge, PeerLedger Ledger, TokenBuckets<DeviceId> Rate, TimeProvider Time);
