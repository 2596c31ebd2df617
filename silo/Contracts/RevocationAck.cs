namespace TrustMesh.Contracts;

/// <summary>A device that enforces a status list.</summary>
/// <param name="Milliseconds">From the signing of the list to its being enforced on the device.</param>
/// <param name="Gaps">Lists in between that the device never saw.</param>
public sealed record RevocationAck(string Id, string Name, long Milliseconds, long Gaps);
