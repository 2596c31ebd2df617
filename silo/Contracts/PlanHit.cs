namespace TrustMesh.Contracts;

/// <summary>A device that stays and loses examiners.</summary>
/// <param name="Loss">alone, below-promise, below-quorum: the worst of what happens to it.</param>
/// <param name="Examiners">Devices whose word on it counts now; <paramref name="Left"/> as many are left.</param>
/// <param name="Assigned">Devices that are told to examine it once the rings have closed; null if it is not on them.</param>
/// <param name="By">Those of the plan whose word it loses.</param>
public sealed record PlanHit(string Id, string Name, string Site, string Look, string Loss, int Examiners, int Left, int? Assigned, IReadOnlyList<string> By);
