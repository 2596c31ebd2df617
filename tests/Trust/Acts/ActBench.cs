using TrustMesh.Host.Embedded;
using TrustMesh.Tests.Trust.Log;
using TrustMesh.Trust.Acts;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Log;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire.Log;

namespace TrustMesh.Tests.Trust.Acts;

/// <summary>Acts over rows and a real log in the same rows, each of whose writes can fail; and as many silos over them as a test wants.</summary>
public sealed class ActBench : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-acts-").FullName;
    private readonly SigningKey key = TwinBench.NewKey();
    private readonly SqliteDatabase? database;
    private readonly MeshAuthority authority;

    private ActBench(IRecordStore? rows)
    {
        if (rows is null) rows = new SqliteRecordStore(database = new(Path.Combine(folder, "silo.db"), Time));
        Rows = rows;
        Store = new(rows);
        authority = new(key, "mesh", Time);
    }

    public ManualTime Time { get; } = new();

    /// <summary>What is stored, past the store that fails.</summary>
    public IRecordStore Rows { get; }

    public FaultyRecordStore Store { get; }

    /// <summary>What feeds were told.</summary>
    public List<string> Told { get; } = [];

    /// <param name="rows">Null: SQLite.</param>
    public static async Task<ActBench> StartAsync(IRecordStore? rows)
    {
        var bench = new ActBench(rows);
        await LogShards.FixAsync(bench.authority, bench.Rows, 1, bench.Time, default);
        return bench;
    }

    /// <summary>What one run of a silo has: its acts, and a log writer of its own as after any move of the log.</summary>
    public ActStore NewSilo(TimeSpan patience = default)
        => new(Store, new LogWriter(authority, 0, Store, Time), line => { lock (Told) Told.Add(line.Text); }, patience, Time);

    public IReadOnlyList<TwinEvent> Line(string text) => [new(Time.GetUtcNow(), EventKind.Operator, text, "ann")];

    /// <summary>Every line that is in the log, in its order.</summary>
    public async Task<IReadOnlyList<string>> LinesAsync()
    {
        var reader = new LogReader(0, Rows);
        var head = (await reader.HeadAsync(default))!;
        return [.. (await reader.EntriesAsync(head, 0, (int)head.Size, default)).Select(entry => MeshLogEntry.Decode(entry).Text)];
    }

    public async ValueTask DisposeAsync()
    {
        if (database is not null) await database.DisposeAsync();
        key.Dispose();
        Directory.Delete(folder, true);
    }
}
