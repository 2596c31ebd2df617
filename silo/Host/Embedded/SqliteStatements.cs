using Microsoft.Data.Sqlite;

namespace TrustMesh.Host.Embedded;

/// <summary>A connection with its prepared statements. One thread at a time.</summary>
public sealed class SqliteStatements(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> prepared = [];

    public SqliteConnection Connection => connection;

    /// <summary>No transaction is open.</summary>
    public bool IsAutoCommit => SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) != 0;

    /// <summary>Runs a statement with parameters ?1, ?2 …; returns the number of rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object> arguments) => Bind(sql, arguments).ExecuteNonQuery();

    /// <summary>Runs a query; the reader is closed before the next statement.</summary>
    public SqliteDataReader Query(string sql, params ReadOnlySpan<object> arguments) => Bind(sql, arguments).ExecuteReader();

    public void Dispose()
    {
        foreach (var command in prepared.Values) command.Dispose();
        connection.Dispose();
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object> arguments)
    {
        if (!prepared.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < arguments.Length; i++) command.Parameters.Add(new() { ParameterName = $"?{i + 1}" });
            prepared[sql] = command;
        }
        for (var i = 0; i < arguments.Length; i++) command.Parameters[i].Value = arguments[i];
        return command;
    }
}
