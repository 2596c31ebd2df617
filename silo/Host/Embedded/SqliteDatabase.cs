using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;
using TrustMesh.Trust.Records;

namespace TrustMesh.Host.Embedded;

/// <summary>
/// One SQLite file: WAL, synchronous FULL, one writer with group commit, readers beside it. Whoever writes queues a job; the writer runs
/// all waiting jobs in one transaction and completes them when that is on disk, so that a hundred writes cost one fsync. Thread-safe.
/// </summary>
public sealed class SqliteDatabase : IAsyncDisposable
{
    private const int LargestBatch = 512;

    private readonly string connectionString;
    private readonly TimeProvider time;
    private readonly ConcurrentBag<SqliteStatements> readers = [];
    private readonly BlockingCollection<WriteJob> queue = new(new ConcurrentQueue<WriteJob>(), 16_384);
    private readonly Thread writer;
    private long failures;

    /// <summary>Opens or creates the file. Throws <see cref="InvalidDataException"/> if it is not ours.</summary>
    public SqliteDatabase(string path, TimeProvider time)
    {
        SQLitePCL.Batteries_V2.Init();
        // Pooling would keep the file open after dispose; our own readers are pooled here.
        connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 30 }.ToString();
        CreatePrivately(path);
        this.time = time;
        Failing = new(time);
        var statements = Open();
        try
        {
            Schema.Migrate(statements.Connection, time.GetUtcNow());
        }
        catch (SqliteException broken)
        {
            statements.Dispose();
            throw new InvalidDataException($"{path} cannot be used as the silo's database ({broken.Message}). Restore a backup, or use another --state directory.", broken);
        }
        writer = new(() => WriteLoop(statements)) { IsBackground = true, Name = "sqlite writer" };
        writer.Start();
    }

    /// <summary>
    /// Runs the job in the writer's next transaction; durable when the task ends. A job that may refuse (a compare-and-swap that fails)
    /// throws before it writes anything; only its own task fails then.
    /// </summary>
    public Task WriteAsync(Action<SqliteStatements> job)
    {
        var queued = new WriteJob(job);
        try
        {
            queue.Add(queued);
        }
        catch (InvalidOperationException)
        {
            throw new ObjectDisposedException(nameof(SqliteDatabase));
        }
        return queued.Done.Task;
    }

    /// <summary>Reads on a connection of its own; sees every write that has ended.</summary>
    public T Read<T>(Func<SqliteStatements, T> query)
    {
        if (!readers.TryTake(out var statements)) statements = Open();
        try
        {
            var result = query(statements);
            readers.Add(statements);
            return result;
        }
        catch
        {
            // A connection that failed once is not lent out again.
            statements.Dispose();
            throw;
        }
    }

    /// <summary>Batches of writes that failed since the start; what the last one said, and when.</summary>
    public long Failures => Interlocked.Read(ref failures);

    public string? LastFailure { get; private set; }

    /// <summary>Whether they go on.</summary>
    public FailureRun Failing { get; }

    public async ValueTask DisposeAsync()
    {
        queue.CompleteAdding();
        await Task.Run(writer.Join);
        while (readers.TryTake(out var statements)) statements.Dispose();
        queue.Dispose();
    }

    private void WriteLoop(SqliteStatements statements)
    {
        var batch = new List<WriteJob>();
        foreach (var first in queue.GetConsumingEnumerable())
        {
            batch.Clear();
            batch.Add(first);
            while (batch.Count < LargestBatch && queue.TryTake(out var next)) batch.Add(next);
            Commit(statements, batch);
        }
        statements.Dispose();
    }

    private void Commit(SqliteStatements statements, List<WriteJob> batch)
    {
        try
        {
            statements.Execute("BEGIN IMMEDIATE");
            foreach (var job in batch) job.Run(statements);
            statements.Execute("COMMIT");
        }
        catch (SqliteException failed)
        {
            // The whole batch is lost, and whether COMMIT got through may be unknown: everyone is told so and looks again.
            Interlocked.Increment(ref failures);
            Failing.Failed();
            LastFailure = string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():u} {failed.Message}");
            if (!statements.IsAutoCommit) statements.Execute("ROLLBACK");
            foreach (var job in batch) job.Done.TrySetException(new IOException($"The database did not take a write: {failed.Message}", failed));
            return;
        }
        foreach (var job in batch) job.Complete();
    }

    private SqliteStatements Open()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        var statements = new SqliteStatements(connection);
        statements.Execute("PRAGMA journal_mode=WAL");
        statements.Execute("PRAGMA synchronous=FULL");
        return statements;
    }

    /// <summary>SQLite gives its side files the mode of the database.</summary>
    private static void CreatePrivately(string path)
    {
        if (File.Exists(path)) return;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(path, options).Dispose();
    }

    private sealed class WriteJob(Action<SqliteStatements> work)
    {
        private Exception? refused;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Run(SqliteStatements statements)
        {
            try
            {
                work(statements);
            }
            catch (Exception refusal) when (refusal is not SqliteException)
            {
                refused = refusal;
            }
        }

        public void Complete()
        {
            if (refused is null) Done.TrySetResult();
            else Done.TrySetException(refused);
        }
    }
}
