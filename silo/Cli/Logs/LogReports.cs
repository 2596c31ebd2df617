namespace TrustMesh.Cli.Logs;

/// <summary>What an auditor learns of all logs of a mesh.</summary>
/// <param name="Whole">Every log is, and none that was saved before is missing.</param>
internal sealed record LogReports(bool Whole, IReadOnlyList<LogReport> Logs);
