namespace TrustMesh.Agent.Measuring;

/// <summary>One path to measure.</summary>
/// <param name="Name">How the log calls it.</param>
/// <param name="Path">Where it stands.</param>
/// <param name="Problem">Why it can not be measured as a file (recorded as an event), or null.</param>
public sealed record MeasuredFile(string Name, string Path, string? Problem = null);
