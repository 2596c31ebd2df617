namespace TrustMesh.Contracts;

/// <summary>Revoke the devices of a plan.</summary>
/// <param name="Digest">The plan's.</param>
/// <param name="Devices">All devices of the plan, 1 to 1,000.</param>
/// <param name="Reason">One line of at most 200 characters.</param>
/// <param name="Request">A name for this act, 1 to 63 of a-z, 0-9, '.' and '-': sent again, it is the same act and not another one. Null: the silo makes one.</param>
public sealed record RevocationOrder(string Digest, IReadOnlyList<PlanTarget> Devices, string Reason, string? Request = null);
