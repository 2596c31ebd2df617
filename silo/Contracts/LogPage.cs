namespace TrustMesh.Contracts;

/// <summary>Entries of a log in a row.</summary>
/// <param name="Size">Entries of the log at that moment.</param>
public sealed record LogPage(long From, long Size, IReadOnlyList<LogEntryView> Entries);
