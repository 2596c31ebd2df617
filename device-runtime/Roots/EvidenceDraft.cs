using TrustMesh.Wire.Messages;

namespace TrustMesh.Roots;

/// <summary>Evidence before the root signed it.</summary>
/// <param name="Claims">Without extra data and log head; a root without quotes adds them.</param>
/// <param name="Pcrs">Registers to quote, ascending; ignored by roots without PCRs.</param>
public sealed record EvidenceDraft(AttesterRole Role, Claims Claims, ushort Bank, IReadOnlyList<int> Pcrs, InclusionProof Proof, LogTail Log);
