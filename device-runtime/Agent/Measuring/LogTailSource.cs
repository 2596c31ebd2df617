using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Measuring;

/// <summary>The log at the moment of a proof.</summary>
public readonly record struct LogTailSource(uint Boot, IReadOnlyList<byte[]> Entries)
{
    /// <summary>
    /// What a challenger still lacks: the entries from its cursor on if it speaks of this boot, else all. A cursor beyond the end is answered
    /// from the end: a log that shrank is for the challenger to judge.
    /// </summary>
    public LogTail From(uint boot, int cursor)
    {
        var from = boot == Boot ? Math.Clamp(cursor, 0, Entries.Count) : 0;
        return new(Boot, from, [.. Entries.Skip(from).Select(entry => (ReadOnlyMemory<byte>)entry)]);
    }
}
