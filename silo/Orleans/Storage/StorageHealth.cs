namespace TrustMesh.Orleans.Storage;

/// <summary>How the storage does, as the silo's page shows it. Counts since the start of the process.</summary>
/// <param name="Conflicts">Writes that lost a race; nothing is wrong with those.</param>
/// <param name="Errors">Reads and writes without an answer.</param>
/// <param name="ReadMean">Over the last few dozen; likewise <paramref name="WriteMean"/>.</param>
/// <param name="Slowest">Of this minute and the one before.</param>
/// <param name="LastError">One line without secrets; empty if there was none.</param>
public sealed record StorageHealth(
    long Reads, long Writes, long Conflicts, long Errors, TimeSpan ReadMean, TimeSpan WriteMean, TimeSpan Slowest, string LastError, DateTimeOffset? LastErrorAt);
