using TrustMesh.Agent.Identity;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Proving;

/// <summary>What one challenger wants proven.</summary>
/// <param name="Leaf">Everything the answer is bound to, as this end of the connection knows it (PROTOCOL.md section 4).</param>
/// <param name="Session">The key of the connection, which the evidence vouches for.</param>
/// <param name="Pcrs">Registers of <paramref name="Bank"/> to quote, ascending; ignored by roots without PCRs.</param>
/// <param name="Boot">This device's boot as the challenger knows it, 0 for none; <paramref name="LogCursor"/> is how much of its log the challenger has.</param>
public sealed record Question(ChallengeLeaf Leaf, SessionKey Session, ushort Bank, IReadOnlyList<int> Pcrs, uint Boot, int LogCursor);
