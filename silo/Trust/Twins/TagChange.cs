namespace TrustMesh.Trust.Twins;

/// <summary>A person's change of a device's tags. Whoever asks has checked that they are tags (<see cref="Contracts.DeviceTags"/>) and that none is both added and removed.</summary>
/// <param name="Actor">Operator's name.</param>
/// <param name="Expected">Version of the twin the person looked at; null if any will do, as two changes that add and remove do not undo each other.</param>
public sealed record TagChange(IReadOnlyList<string> Add, IReadOnlyList<string> Remove, string Actor, string? Reason, long? Expected);
