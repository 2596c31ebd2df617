using System.Security.Cryptography;
using System.Threading.Channels;
using TrustMesh.Host.Embedded;
using TrustMesh.Tests.Agent;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Trust;

/// <summary>A status book on real SQLite with a clock in the test's hands, a store that can fail, and every list it issued.</summary>
public sealed class StatusBench : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-status-").FullName;
    private readonly SqliteDatabase database;
    private readonly Channel<StatusIssue> issues = Channel.CreateUnbounded<StatusIssue>();
    private readonly List<StatusBook> books = [];

    public StatusBench()
    {
        database = new(Path.Combine(folder, "silo.db"), Time);
        Store = new(new SqliteRecordStore(database));
        Key = TwinBench.NewKey();
        Authority = new(Key, "mesh", Time);
    }

    public ManualTime Time { get; } = new();

    public FaultyRecordStore Store { get; }

    public SigningKey Key { get; }

    public MeshAuthority Authority { get; }

    public int Grace { get; set; } = 86_400;

    /// <summary>Bytes a stored list may have.</summary>
    public int Largest { get; set; } = 1024 * 1024;

    public List<Exception> Troubles { get; } = [];

    /// <summary>A book on the store as a process that starts would have it, after all twins were noted.</summary>
    public async Task<StatusBook> OpenAsync(params TwinState[] twins)
    {
        var book = new StatusBook(Authority, Store, new(Store), () => Grace, Troubles.Add, Time, Largest);
        books.Add(book);
        book.Issued += issue => issues.Writer.TryWrite(issue);
        await book.LoadAsync(CancellationToken.None);
        foreach (var twin in twins) book.Note(twin);
        var timers = Time.Timers;
        await book.StartAsync(CancellationToken.None).WaitAsync(Deadline);
        // A clock that is moved before the next renewal is set would pass it by.
        await Eventually.TrueAsync(() => Time.Timers > timers, "the next renewal to be set");
        return book;
    }

    /// <summary>The next list that was issued, by whichever book.</summary>
    public async Task<StatusIssue> NextAsync() => await issues.Reader.ReadAsync().AsTask().WaitAsync(Deadline);

    /// <summary>No list waits to be read by the test.</summary>
    public bool IsQuiet => !issues.Reader.TryPeek(out _);

    /// <summary>The list as a device reads it.</summary>
    public StatusList Read(StatusIssue issue)
    {
        var statement = Authority.Statements.VerifyStatusList(issue.Signed, Time.GetUtcNow());
        return statement.Accepted?.Value ?? throw new InvalidOperationException(string.Join("\n", statement.Findings));
    }

    /// <summary>A twin as it is saved after a decision.</summary>
    public TwinState Twin(int index, Standing standing, string reason = "stolen")
    {
        var id = DeviceId.FromRootKey(BitConverter.GetBytes(index));
        var enrolment = new Enrolment(new byte[16], id, RootKind.Software, AssuranceTier.Software, SHA256.HashData(BitConverter.GetBytes(index)), new byte[91], "none", $"device-{index}", "lab", "sensor", index, "a test", Time.GetUtcNow());
        EventKind? kind = standing switch { Standing.Revoked => EventKind.Revoked, Standing.Suspended => EventKind.Suspended, _ => EventKind.Resumed };
        return new(enrolment, standing, default, DateTimeOffset.UnixEpoch, null, AttesterState.None, null, false, [new(Time.GetUtcNow(), kind.Value, reason, "ann")], 1);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var book in books) book.Dispose();
        await database.DisposeAsync();
        Key.Dispose();
        Directory.Delete(folder, true);
    }
}
