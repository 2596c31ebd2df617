namespace TrustMesh.Trust.Log;

/// <summary>
/// The mesh's tamper-evident log, seen by who has something to say. Whoever changes what the mesh holds true appends its lines before the change is
/// acknowledged. Thread-safe.
/// </summary>
public interface IMeshLog
{
    /// <summary>
    /// Ends when the lines are in the log: durable, under a signed head. After any exception the outcome is unknown; the caller appends the same
    /// lines again, and a line that is there twice says the same twice. One with <see cref="LogLine.Since"/> is there once, whoever appends it and however often.
    /// No lines at all add nothing; of one log they sign the head anew, and so say whether it can be written.
    /// </summary>
    Task AppendAsync(IReadOnlyList<LogLine> lines, CancellationToken cancellation);

    /// <summary>What keeps it from taking lines, as this silo finds it; null where nobody looks.</summary>
    LogTrouble? Trouble => null;
}
