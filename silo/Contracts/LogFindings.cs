namespace TrustMesh.Contracts;

/// <summary>Entries of all of the mesh's logs together that were asked for, newest first.</summary>
/// <param name="Next">Asks for what is older; null when everything was looked at.</param>
/// <param name="Back">How far back was looked: the instant of the oldest entry that was looked at, found or not. Null if there was none.</param>
public sealed record LogFindings(IReadOnlyList<LogFinding> Entries, string? Next, DateTimeOffset? Back);
