using System.Runtime.CompilerServices;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Host.Embedded;

/// <summary>Twins in SQLite.</summary>
public sealed class SqliteTwinStore(SqliteDatabase database) : ITwinStore
{
    public Task<StoredTwin?> LoadAsync(DeviceId device, CancellationToken cancellation)
        => Task.FromResult(database.Read(statements =>
        {
            using var row = statements.Query("SELECT version, state, unlogged FROM twin WHERE device = ?1", device.ToUeid());
            return row.Read() ? new StoredTwin(device, row.GetInt64(0), (byte[])row[1], row[2] as byte[] ?? []) : null;
        }));

    public async IAsyncEnumerable<StoredTwin> LoadAllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        // In pages by key, so that no read transaction stays open and holds the WAL.
        var after = Array.Empty<byte>();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var page = database.Read(statements =>
            {
                var rows = new List<(byte[] Device, long Version, byte[] State, byte[] Unlogged)>();
                using var row = statements.Query("SELECT device, version, state, unlogged FROM twin WHERE device > ?1 ORDER BY device LIMIT 500", after);
                while (row.Read()) rows.Add(((byte[])row[0], row.GetInt64(1), row[2] as byte[] ?? [], row[3] as byte[] ?? []));
                return rows;
            });
            if (page.Count == 0) yield break;
            after = page[^1].Device;
            foreach (var (device, version, state, unlogged) in page)
                // A key that is no id belongs to no device and is nobody's row (attack A43).
                if (device.Length == DeviceId.Size && device[0] == 1) yield return new(DeviceId.FromUeid(device), version, state, unlogged);
            await Task.Yield();
        }
    }

    public Task<StoredProof?> LoadProofAsync(DeviceId device, CancellationToken cancellation)
        => Task.FromResult(database.Read(statements =>
        {
            // One transaction: the log must be the one of this evidence.
            statements.Execute("BEGIN");
            var ueid = device.ToUeid();
            using var proof = statements.Query("SELECT proof FROM proof WHERE device = ?1", ueid);
            var bytes = proof.Read() ? (byte[])proof[0] : null;
            proof.Close();
            var entries = new List<ReadOnlyMemory<byte>>();
            using var row = statements.Query("SELECT entry FROM log WHERE device = ?1 ORDER BY boot, seq", ueid);
            while (row.Read()) entries.Add((byte[])row[0]);
            row.Close();
            statements.Execute("COMMIT");
            return bytes is null ? null : new StoredProof(bytes, entries);
        }));

    public Task SaveAsync(TwinWrite write, CancellationToken cancellation) => database.WriteAsync(statements =>
    {
        var device = write.Device.ToUeid();
        var changed = write.Expected == 0
            ? statements.Execute("INSERT INTO twin(device, version, state, unlogged) VALUES (?1, 1, ?2, ?3) ON CONFLICT DO NOTHING", device, write.State.ToArray(), Unlogged(write))
            : statements.Execute("UPDATE twin SET version = version + 1, state = ?2, unlogged = ?4 WHERE device = ?1 AND version = ?3", device, write.State.ToArray(), write.Expected, Unlogged(write));
        if (changed != 1) throw new StaleTwinException(write.Device, write.Expected);
        if (write.Proof is { } proof) statements.Execute("INSERT INTO proof(device, proof) VALUES (?1, ?2) ON CONFLICT(device) DO UPDATE SET proof = excluded.proof", device, proof.ToArray());
        if (write.Log is not { } log) return;
        statements.Execute("DELETE FROM log WHERE device = ?1 AND (boot <> ?2 OR seq >= ?3)", device, (long)log.Boot, (long)log.From);
        for (var i = 0; i < log.Entries.Count; i++)
            statements.Execute("INSERT INTO log(device, boot, seq, entry) VALUES (?1, ?2, ?3, ?4)", device, (long)log.Boot, (long)(log.From + i), log.Entries[i].ToArray());
    });

    public Task LoggedAsync(DeviceId device, long version, CancellationToken cancellation)
        => database.WriteAsync(statements => statements.Execute("UPDATE twin SET unlogged = NULL WHERE device = ?1 AND version = ?2", device.ToUeid(), version));

    private static object Unlogged(TwinWrite write) => write.Unlogged.IsEmpty ? DBNull.Value : write.Unlogged.ToArray();
}
