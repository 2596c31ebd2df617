using TrustMesh.Trust.Log;

namespace TrustMesh.Tests.Trust.Alerts;

/// <summary>Two logs that take lines, or refuse them.</summary>
internal sealed class RefusingLog : IMeshLog
{
    private readonly ShardedLog logs;

    public RefusingLog() => logs = new([new One(this, 0), new One(this, 1)], TimeProvider.System);

    /// <summary>The logs that refuse.</summary>
    public HashSet<int> Refusing { get; } = [];

    public int Tries { get; private set; }

    public LogTrouble? Trouble => logs.Trouble;

    public Task AppendAsync(IReadOnlyList<LogLine> lines, CancellationToken cancellation) => logs.AppendAsync(lines, cancellation);

    private sealed class One(RefusingLog all, int number) : IMeshLog
    {
        public Task AppendAsync(IReadOnlyList<LogLine> lines, CancellationToken cancellation)
        {
            if (lines.Count == 0) all.Tries++;
            return all.Refusing.Contains(number) ? Task.FromException(new IOException($"log {number} is full")) : Task.CompletedTask;
        }
    }
}
