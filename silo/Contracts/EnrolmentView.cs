namespace TrustMesh.Contracts;

/// <summary>What is known of a device's hardware by whoever has to let it in or turn it away.</summary>
/// <param name="Endorsement">Null where nothing is kept: no TPM, or it joined before such was kept.</param>
/// <param name="Proof">Of a device that waits and has proven itself; null for one that has not, and for one that is in, which has a verdict.</param>
public sealed record EnrolmentView(string Device, string AdmittedBy, EndorsementView? Endorsement, IReadOnlyList<SeenBefore> Seen, WaitingProof? Proof = null);
