using TrustMesh.Trust.Log;

namespace TrustMesh.Tests.Trust.Log;

/// <summary>A log that keeps what it is told, and whose next append can fail: before it has the lines, or after.</summary>
public sealed class HeardLog : IMeshLog
{
    public List<LogLine> Lines { get; } = [];

    /// <summary>Null: the next append works. Else it throws, with the lines kept if true.</summary>
    public bool? FailPersisted { get; set; }

    public Task AppendAsync(IReadOnlyList<LogLine> lines, CancellationToken cancellation)
    {
        var failing = FailPersisted;
        FailPersisted = null;
        if (failing != false) Lines.AddRange(lines.Where(line => line.Since is null || !Lines.Contains(line)));
        return failing is null ? Task.CompletedTask : Task.FromException(new IOException("the log did not answer"));
    }
}
