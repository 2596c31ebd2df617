using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;

namespace TrustMesh.Host.Operator;

/// <summary>A device as it is stored, with the evidence behind its verdict.</summary>
/// <param name="Log">The measurement log of the evidence's boot, from its first entry.</param>
/// <param name="Asked">The policy the evidence was asked for by.</param>
internal sealed record TrialSubject(TwinState State, TwinProof Proof, IReadOnlyList<ReadOnlyMemory<byte>> Log, AppraisalPolicy Asked);
