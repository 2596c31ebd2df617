using System.Runtime.CompilerServices;
using TrustMesh.Trust.Records;

namespace TrustMesh.Host.Embedded;

/// <summary>Small rows in SQLite.</summary>
public sealed class SqliteRecordStore(SqliteDatabase database) : IRecordStore
{
    public Task<Record?> ReadAsync(string kind, string id, CancellationToken cancellation)
        => Task.FromResult(database.Read(statements =>
        {
            using var row = statements.Query("SELECT version, value FROM record WHERE kind = ?1 AND id = ?2", kind, id);
            return row.Read() ? new Record(kind, id, row.GetInt64(0), (byte[])row[1]) : null;
        }));

    public Task<IReadOnlyList<Record>> ListAsync(string kind, CancellationToken cancellation)
    {
        // Here every kind could be; a cluster could not, and what works on one host works on both.
        RecordKinds.DemandListed(kind);
        return Task.FromResult(database.Read<IReadOnlyList<Record>>(statements =>
        {
            var records = new List<Record>();
            using var row = statements.Query("SELECT id, version, value FROM record WHERE kind = ?1 ORDER BY id", kind);
            while (row.Read()) records.Add(new(kind, row.GetString(0), row.GetInt64(1), (byte[])row[2]));
            return records;
        }));
    }

    public async IAsyncEnumerable<Record> ReadAllAsync(string kind, [EnumeratorCancellation] CancellationToken cancellation)
    {
        RecordKinds.DemandListed(kind);
        // In pages by key, so that no read transaction stays open and holds the WAL.
        var after = "";
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var page = database.Read(statements =>
            {
                var rows = new List<Record>();
                using var row = statements.Query("SELECT id, version, value FROM record WHERE kind = ?1 AND id > ?2 ORDER BY id LIMIT 100", kind, after);
                while (row.Read()) rows.Add(new(kind, row.GetString(0), row.GetInt64(1), row[2] as byte[] ?? []));
                return rows;
            });
            if (page.Count == 0) yield break;
            after = page[^1].Id;
            foreach (var record in page) yield return record;
            await Task.Yield();
        }
    }

    public Task WriteAsync(string kind, string id, long expected, ReadOnlyMemory<byte> value, CancellationToken cancellation) => database.WriteAsync(statements =>
    {
        var changed = expected == 0
            ? statements.Execute("INSERT INTO record(kind, id, version, value) VALUES (?1, ?2, 1, ?3) ON CONFLICT DO NOTHING", kind, id, value.ToArray())
            : statements.Execute("UPDATE record SET version = version + 1, value = ?3 WHERE kind = ?1 AND id = ?2 AND version = ?4", kind, id, value.ToArray(), expected);
        if (changed != 1) throw new StaleRecordException(kind, expected);
    });

    public Task DeleteAsync(string kind, string id, long expected, CancellationToken cancellation) => database.WriteAsync(statements =>
    {
        if (statements.Execute("DELETE FROM record WHERE kind = ?1 AND id = ?2 AND version = ?3", kind, id, expected) != 1) throw new StaleRecordException(kind, expected);
    });
}
