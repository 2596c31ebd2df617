namespace TrustMesh.Trust.Log;

/// <summary>The mesh's logs as one: each line goes to its own (<see cref="LogShards.Of"/>). Thread-safe if they are.</summary>
public sealed class ShardedLog(IReadOnlyList<IMeshLog> logs, TimeProvider time) : IMeshLog
{
    private readonly LogTrouble trouble = new(logs.Count, (log, cancellation) => logs[log].AppendAsync([], cancellation), time);

    /// <inheritdoc/>
    public LogTrouble? Trouble => trouble;

    /// <inheritdoc/>
    /// <remarks>Lines for several logs are in some and not in others while it runs, and after an exception.</remarks>
    public Task AppendAsync(IReadOnlyList<LogLine> lines, CancellationToken cancellation)
        => Task.WhenAll(lines.GroupBy(line => LogShards.Of(line.Device, logs.Count)).Select(group => trouble.OfAsync(group.Key, () => logs[group.Key].AppendAsync([.. group], cancellation))));
}
