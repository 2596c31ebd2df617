using System.Text.Json;
using TrustMesh.Trust.Records;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Authority;

/// <summary>
/// Where status lists are kept: the one in force, changed by compare-and-swap, and every one before it with who, why and when. Of lists that
/// were only signed anew the history keeps the newest between two changes: the others said the same. One call at a time.
/// </summary>
/// <param name="largest">Bytes of the row in force.</param>
internal sealed class StatusShelf(MeshAuthority authority, IRecordStore store, int largest)
{
    /// <summary>What every store takes, less room for what a row says beside who is listed.</summary>
    public const int Largest = 15 * 1024 * 1024;

    private const string Kind = "status", Current = "current", History = "status-history";

    private StoredStatus? inForce;
    private long version;

    /// <summary>Bytes of the row in force without what changed with it.</summary>
    private long size;

    /// <summary>As read or written last; null before the first.</summary>
    public StoredStatus? InForce => inForce;

    public async Task<StoredStatus?> LoadAsync(CancellationToken cancellation)
    {
        if (await store.ReadAsync(Kind, Current, cancellation) is not { } row) return inForce = null;
        (version, inForce) = (row.Version, Read(row));
        size = row.Value.Length - LengthOf(inForce.Changes);
        return inForce;
    }

    /// <summary>
    /// The row in force has room for these beside whom it lists already: each is in it twice, as a change and as listed. What the signed list itself grows by is left aside.
    /// </summary>
    public bool HasRoomFor(IEnumerable<StatusChange> more)
        => size + (2 * LengthOf(more.Select(change => StoredStatus.Line.Of(change, 0)))) <= largest;

    /// <summary>Puts a list in force. Whatever it throws, <see cref="LoadAsync"/> comes next: what is stored is what is in force.</summary>
    public async Task PutAsync(StoredStatus list)
    {
        // A list that says nothing new takes the place of one that said nothing new.
        var replaced = list.Changes.Count == 0 && inForce is { Changes.Count: 0 } ? inForce : null;
        var linked = list with { Previous = replaced is null ? inForce?.Serial ?? 0 : replaced.Previous };
        await store.WriteAsync(History, PolicyBook.SerialText(list.Serial), 0, Write(linked with { Listed = null }), CancellationToken.None);
        var bytes = Write(linked);
        await store.WriteAsync(Kind, Current, version, bytes, CancellationToken.None);
        (version, inForce, size) = (version + 1, linked, bytes.Length - LengthOf(linked.Changes));
        if (replaced is not null) await store.DeleteAsync(History, PolicyBook.SerialText(replaced.Serial), 1, CancellationToken.None);
    }

    /// <summary>Lists that were in force, newest first, after the one with that serial. A list that was written down and lost the race for being in force is not one.</summary>
    public async Task<IReadOnlyList<StatusIssue>> HistoryAsync(int most, CancellationToken cancellation, long after = 0)
    {
        var lists = new List<StatusIssue>();
        for (var at = inForce; at is not null && at.Serial > after && lists.Count < most;)
        {
            lists.Add(at.ToIssue());
            at = at.Previous != 0 && await store.ReadAsync(History, PolicyBook.SerialText(at.Previous), cancellation) is { } row ? Parse(row) : null;
        }
        return lists;
    }

    private static long LengthOf(IEnumerable<StoredStatus.Line> lines) => lines.Sum(line => (long)JsonSerializer.SerializeToUtf8Bytes(line, TrustJson.Default.Line).Length);

    private static byte[] Write(StoredStatus list) => JsonSerializer.SerializeToUtf8Bytes(list, TrustJson.Default.StoredStatus);

    private static StoredStatus Parse(Record row)
    {
        try
        {
            return JsonSerializer.Deserialize(row.Value.Span, TrustJson.Default.StoredStatus) ?? throw Unusable(row, "nothing", null);
        }
        catch (JsonException broken)
        {
            throw Unusable(row, "something else", broken);
        }
    }

    /// <summary>What we signed passes the same checks as what anybody signs; an expired one is still readable, to be renewed.</summary>
    private StoredStatus Read(Record row)
    {
        var stored = Parse(row);
        var statement = authority.Statements.VerifyStatusList(stored.Signed, stored.IssuedAt, stored.Serial);
        if (statement.Accepted is null) throw Unusable(row, statement.Findings.First(finding => finding.Outcome == Outcome.Fail).Got, null);
        try
        {
            foreach (var line in stored.Listed ?? throw Unusable(row, "nobody", null)) _ = line.ToChange();
        }
        catch (WireException broken)
        {
            throw Unusable(row, "a device that is none", broken);
        }
        return stored;
    }

    private static UnreadableRecordException Unusable(Record row, string got, Exception? cause) => new(row.Kind, row.Id, got, cause);
}
