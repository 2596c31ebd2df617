using Microsoft.Data.Sqlite;

namespace TrustMesh.Host.Embedded;

/// <summary>The tables, by version. A migration is never changed once released; the next one is added below it.</summary>
public static class Schema
{
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE twin(device BLOB NOT NULL PRIMARY KEY, version INTEGER NOT NULL, state BLOB NOT NULL);
        CREATE TABLE proof(device BLOB NOT NULL PRIMARY KEY, proof BLOB NOT NULL);
        CREATE TABLE log(device BLOB NOT NULL, boot INTEGER NOT NULL, seq INTEGER NOT NULL, entry BLOB NOT NULL, PRIMARY KEY(device, boot, seq)) WITHOUT ROWID;
        CREATE TABLE record(kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, value BLOB NOT NULL, PRIMARY KEY(kind, id)) WITHOUT ROWID;
        """,
        "ALTER TABLE twin ADD COLUMN unlogged BLOB",
    ];

    /// <summary>Brings the database to the newest version, each step in its own transaction. Throws <see cref="InvalidDataException"/> for one from the future.</summary>
    public static void Migrate(SqliteConnection connection, DateTimeOffset now)
    {
        Run(connection, "CREATE TABLE IF NOT EXISTS migration(version INTEGER NOT NULL PRIMARY KEY, applied INTEGER NOT NULL)");
        using var query = connection.CreateCommand();
        query.CommandText = "SELECT coalesce(max(version), 0) FROM migration";
        var version = (long)query.ExecuteScalar()!;
        if (version > Migrations.Length) throw new InvalidDataException($"The database is of schema {version}, this silo knows up to {Migrations.Length}. Install the newer silo again, or restore a backup.");
        for (; version < Migrations.Length; version++)
        {
            using var transaction = connection.BeginTransaction();
            Run(connection, Migrations[version]);
            Run(connection, $"INSERT INTO migration VALUES ({version + 1}, {now.ToUnixTimeSeconds()})");
            transaction.Commit();
        }
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
