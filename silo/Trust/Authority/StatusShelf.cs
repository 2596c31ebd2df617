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
internal sealed class StatusShelf(MeshAuthority authority, IRecordStore store)
{
    private const string Kind = "status", Current = "current", History = "status-history";

    private StoredStatus? inForce;
    private long version;

    /// <summary>As read or written last; null before the first.</summary>
    public StoredStatus? InForce => inForce;

    public async Task<StoredStatus?> LoadAsync(CancellationToken cancellation)
    {
        if (await store.ReadAsync(Kind, Current, cancellation) is not { } row) return inForce = null;
        (version, inForce) = (row.Version, Read(row.Value));
        return inForce;
    }

    /// <summary>Puts a list in force. Whatever it throws, <see cref="LoadAsync"/> comes next: what is stored is what is in force.</summary>
    public async Task PutAsync(StoredStatus list)
    {
        // A list that says nothing new takes the place of one that said nothing new.
        var replaced = list.Changes.Count == 0 && inForce is { Changes.Count: 0 } ? inForce : null;
        var linked = list with { Previous = replaced is null ? inForce?.Serial ?? 0 : replaced.Previous };
        await store.WriteAsync(History, PolicyBook.SerialText(list.Serial), 0, Write(linked with { Listed = null }), CancellationToken.None);
        await store.WriteAsync(Kind, Current, version, Write(linked), CancellationToken.None);
        (version, inForce) = (version + 1, linked);
        if (replaced is not null) await store.DeleteAsync(History, PolicyBook.SerialText(replaced.Serial), 1, CancellationToken.None);
    }

    /// <summary>Lists that were in force, newest first. A list that was written down and lost the race for being in force is not one.</summary>
    public async Task<IReadOnlyList<StatusIssue>> HistoryAsync(int most, CancellationToken cancellation)
    {
        var lists = new List<StatusIssue>();
        for (var at = inForce; at is not null && lists.Count < most;)
        {
            lists.Add(at.ToIssue());
            at = at.Previous != 0 && await store.ReadAsync(History, PolicyBook.SerialText(at.Previous), cancellation) is { } row ? Parse(row.Value) : null;
        }
        return lists;
    }

    private static byte[] Write(StoredStatus list) => JsonSerializer.SerializeToUtf8Bytes(list, TrustJson.Default.StoredStatus);

    private static StoredStatus Parse(ReadOnlyMemory<byte> row)
    {
        try
        {
            return JsonSerializer.Deserialize(row.Span, TrustJson.Default.StoredStatus) ?? throw Unusable("nothing", null);
        }
        catch (JsonException broken)
        {
            throw Unusable("something else", broken);
        }
    }

    /// <summary>What we signed passes the same checks as what anybody signs; an expired one is still readable, to be renewed.</summary>
    private StoredStatus Read(ReadOnlyMemory<byte> row)
    {
        var stored = Parse(row);
        var statement = authority.Statements.VerifyStatusList(stored.Signed, stored.IssuedAt, stored.Serial);
        if (statement.Accepted is null) throw Unusable(statement.Findings.First(finding => finding.Outcome == Outcome.Fail).Got, null);
        try
        {
            foreach (var line in stored.Listed ?? throw Unusable("nobody", null)) _ = line.ToChange();
        }
        catch (WireException broken)
        {
            throw Unusable("a device that is none", broken);
        }
        return stored;
    }

    private static InvalidDataException Unusable(string got, Exception? cause) => new($"The stored status list is not acceptable ({got}). Restore the database from a backup.", cause);
}
