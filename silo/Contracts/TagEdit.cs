namespace TrustMesh.Contracts;

/// <summary>A change of a device's tags: what is not named stays. Each tag as <see cref="DeviceTags"/> has it; adding what is there and removing what is not is no change.</summary>
/// <param name="Reason">One line, at most 200 characters.</param>
public sealed record TagEdit(IReadOnlyList<string>? Add = null, IReadOnlyList<string>? Remove = null, string? Reason = null);
