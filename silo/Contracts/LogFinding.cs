namespace TrustMesh.Contracts;

/// <summary>An entry and where it stands.</summary>
/// <param name="Log">Number of its log.</param>
public sealed record LogFinding(int Log, LogEntryView Entry);
