namespace TrustMesh.Contracts;

/// <summary>What is known of a device's hardware by whoever has to let it in or turn it away.</summary>
/// <param name="Endorsement">Null where nothing is kept: no TPM, or it joined before such was kept.</param>
public sealed record EnrolmentView(string Device, string AdmittedBy, EndorsementView? Endorsement, IReadOnlyList<SeenBefore> Seen);
