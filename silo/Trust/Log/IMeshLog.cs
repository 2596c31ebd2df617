namespace TrustMesh.Trust.Log;

/// <summary>
/// The mesh's tamper-evident log, seen by who has something to say. Whoever changes what the mesh holds true appends its lines before the change is
/// acknowledged. Thread-safe.
/// </summary>
public interface IMeshLog
{
    /// <summary>
    /// Ends when the lines are in the log: durable, under a signed head. After any exception the outcome is unknown; the caller appends the same
    /// lines again, and a line that is there twice says the same twice.
    /// </summary>
    Task AppendAsync(IReadOnlyList<LogLine> lines, CancellationToken cancellation);

    /// <summary>
    /// As <see cref="AppendAsync"/>, for lines of one log that may be there already, as somebody appended them and does not know what became of it: they are there
    /// once afterwards, whoever else appends them so, also at the same moment.
    /// </summary>
    /// <param name="since">The lines are at no entry of the log before this one.</param>
    Task AppendOnceAsync(IReadOnlyList<LogLine> lines, long since, CancellationToken cancellation);
}
