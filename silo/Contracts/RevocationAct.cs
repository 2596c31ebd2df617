namespace TrustMesh.Contracts;

/// <summary>An act and what became of each device, by name.</summary>
/// <param name="Serial">Of the status list in force.</param>
public sealed record RevocationAct(RevocationRequest Request, IReadOnlyList<RevocationTarget> Devices, long Serial);
