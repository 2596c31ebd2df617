using TrustMesh.Host.Embedded;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Log;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Log;

namespace TrustMesh.Tests.Trust.Log;

/// <summary>A log on real SQLite, a store in front of it that can fail, and an auditor who walks all of it.</summary>
public sealed class LogBench : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-log-").FullName;
    private readonly SqliteDatabase database;
    private readonly SigningKey key = TwinBench.NewKey();
    private Checkpoint? seen;

    public LogBench()
    {
        database = new(Path.Combine(folder, "silo.db"), Time);
        Rows = new SqliteRecordStore(database);
        Store = new(Rows);
        Authority = new(key, "mesh", Time);
        Reader = new(0, Rows);
    }

    public ManualTime Time { get; } = new();

    /// <summary>What is stored, past the store that fails.</summary>
    public SqliteRecordStore Rows { get; }

    public FaultyRecordStore Store { get; }

    public MeshAuthority Authority { get; }

    public LogReader Reader { get; }

    public static IReadOnlyList<LogLine> Lines(int from, int count)
        => [.. Enumerable.Range(from, count).Select(i => new LogLine(DateTimeOffset.UnixEpoch.AddSeconds(i), EventKind.Verdict, DeviceId.FromRootKey([1]), "device-1", $"line {i}", "device", i))];

    public static LogLine Mesh(string text) => LogLines.OfMesh(new(DateTimeOffset.UnixEpoch.AddDays(1), EventKind.Operator, text, "ann"));

    public LogWriter NewWriter() => new(Authority, 0, Store, Time);

    public async Task<LogWriter> OpenAsync()
    {
        var writer = NewWriter();
        await writer.OpenAsync(true, default);
        return writer;
    }

    /// <summary>Every text that is in the log, after everything was checked: rows, roots, signature, and that the log goes on from where it was seen last.</summary>
    public async Task<IReadOnlyList<string>> WalkAsync()
    {
        var head = (await Reader.HeadAsync(default))!;
        var checkpoint = new CheckpointVerifier(AttestationKey.FromSubjectPublicKeyInfo(key.Spki), "mesh/log/0").Verify(head.Note).Accepted;
        Assert.NotNull(checkpoint);
        var audit = new LogAudit(checkpoint, seen);
        foreach (var tile in LogTile.Entries(head.Size))
        {
            var bundle = await Reader.BundleAsync(head, tile, default);
            var hashes = await Reader.TileAsync(head, tile with { Level = 0 }, default);
            Assert.True(bundle is not null && hashes is not null, $"{tile.Path} is gone");
            audit.Add(bundle.Value, hashes.Value);
        }
        var findings = audit.End();
        Assert.True(audit.IsWhole, string.Join("\n", findings.Select(finding => finding.Sentence)));
        seen = checkpoint;
        return [.. (await Reader.EntriesAsync(head, 0, (int)head.Size, default)).Select(entry => MeshLogEntry.Decode(entry).Text)];
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        key.Dispose();
        Directory.Delete(folder, true);
    }
}
