using TrustMesh.Trust.Records;

namespace TrustMesh.Trust.Acts;

/// <summary>An act that is under way: the whole of it, so that anybody can finish it.</summary>
/// <param name="Owner">The run of the silo that began it.</param>
/// <param name="Since">Entries the log had before: the act's lines are in none of them.</param>
/// <param name="Kind">Of the row it changes; with <paramref name="Id"/> and the version it has before, 0 for none.</param>
/// <param name="Deletes">The row is deleted; else it becomes <paramref name="Value"/>. JSON as it is generated writes bytes that are null as bytes that are none.</param>
/// <param name="Lines">Packed (<see cref="Log.LogLines.Pack"/>).</param>
internal sealed record StoredAct(string Owner, long Since, string Kind, string Id, long Expected, bool Deletes, byte[] Value, byte[] Lines)
{
    /// <summary>The row is as the act makes it. While the act is under way nobody writes over it, so a row that is otherwise was changed before.</summary>
    internal bool IsDone(Record? row) => Deletes ? row is null : row is not null && row.Version == Expected + 1 && row.Value.Span.SequenceEqual(Value);
}
