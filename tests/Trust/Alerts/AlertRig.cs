using System.Security.Cryptography;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Trust.Alerts;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Feed;
using TrustMesh.Trust.Peers;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Trust.Alerts;

/// <summary>A board over a directory, a feed, rows and a clock that a test moves; what it tells is kept.</summary>
internal sealed class AlertRig : IAlertOutlet
{
    private readonly RandomNumberGenerator random = RandomNumberGenerator.Create();
    private long version;

    /// <param name="clock">Instead of one that is moved.</param>
    /// <param name="records">Of another silo of the same mesh.</param>
    public AlertRig(TimeProvider? clock = null, MemoryRecordStore? records = null)
    {
        Clock = clock ?? Time;
        Records = records ?? new();
        Faulty = new(Records);
        Directory = new(Clock);
        Feed = new("mesh", "silo", Directory, new PeerEdges(Directory), random, Clock);
        Rules = new(Faulty, (kind, id, _) => Isolated.Add((kind, id)), Clock);
        Silences = new(Faulty, (kind, id, _) => Isolated.Add((kind, id)), random, Clock);
        Book = new(Faulty, (kind, id, _) => Isolated.Add((kind, id)), Clock);
        Troubles = Listening();
        List = new(1, default, Clock.GetUtcNow(), Clock.GetUtcNow().AddDays(30), 1024, []);
        Board = Fresh();
    }

    public ManualTime Time { get; } = new();

    public TimeProvider Clock { get; }

    public MemoryRecordStore Records { get; }

    public FaultyRecordStore Faulty { get; }

    public DeviceDirectory Directory { get; }

    public TrustFeed Feed { get; }

    public AlertRuleBook Rules { get; }

    public SilenceBook Silences { get; }

    public AlertBook Book { get; }

    public StatusIssue List { get; set; }

    /// <summary>The mesh's log; it takes everything unless a test says otherwise.</summary>
    public RefusingLog Log { get; } = new();

    /// <summary>The silos of the mesh as any of them tells; null: nobody answers.</summary>
    public List<SiloView>? Silos { get; set; } = [];

    public SiloTroubles Troubles { get; private set; }

    public AlertBoard Board { get; set; }

    public List<TwinEvent> Told { get; } = [];

    public List<(string Kind, string Id)> Isolated { get; } = [];

    /// <summary>What webhooks would be told: alert, what.</summary>
    public List<(string Id, string What)> Offered { get; init; } = [];

    public async Task<IReadOnlyList<AlertView>> OpenAsync() => [.. (await Book.ViewsAsync(default)).Where(one => one.ResolvedAt is null)];

    public async Task<AlertView> OnlyAsync() => Assert.Single(await Book.ViewsAsync(default));

    /// <summary>As a silo that starts: another board over the same rows.</summary>
    public async Task BeginAsync()
    {
        Board = Fresh();
        await Board.BeginAsync(default);
        await Board.StepAsync(default);
    }

    /// <summary>As another silo that takes over: it has heard nothing yet.</summary>
    public Task TakeOverAsync()
    {
        Troubles = Listening();
        return BeginAsync();
    }

    /// <summary>A silo is so from now on.</summary>
    public void Silo(string name, string health = "active", double? skew = 0, long errors = 0)
    {
        Silos!.RemoveAll(one => one.Name == name);
        Silos.Add(new(name, health, null, null, null, "0.1.0", null, null, 1, 1, [], 0, 0, 0, 0, 0, 0, 0, errors, null, skew));
    }

    /// <summary>The clock moves, then the board looks.</summary>
    public async Task StepAsync(double seconds = 0)
    {
        Time.Advance(TimeSpan.FromSeconds(seconds));
        await Board.StepAsync(default);
    }

    public async Task RuleAsync(string name, string query, string severity = "warning", int seconds = 0)
    {
        Assert.True(FleetQuery.TryParse(query, out var parsed, out var problem), problem?.ToString());
        Assert.NotNull(await Rules.SaveAsync(name, parsed, severity, seconds, true, "ada", default));
        Acted();
    }

    /// <summary>Only rules a test makes itself.</summary>
    public async Task NoBuiltInsAsync()
    {
        foreach (var rule in AlertRule.BuiltIns) await Rules.SaveAsync(rule.Name, null, null, null, false, "ada", default);
        Acted();
    }

    /// <summary>As every act of an operator is told.</summary>
    public void Acted() => Feed.Tell(new(Clock.GetUtcNow(), EventKind.Operator, "did something", "ada"));

    public DeviceId Device(int number) => DeviceId.FromRootKey(BitConverter.GetBytes(number));

    /// <summary>The device is so from now on.</summary>
    public void Put(int number, TrustTier status = TrustTier.Affirming, string site = "oslo", string? fault = null, TimeSpan? left = null, Standing standing = Standing.Active)
    {
        var now = Clock.GetUtcNow();
        var entry = new DeviceEntry(
            Device(number), $"press-{number}", site, "press", AssuranceTier.Software, standing, status, now, now + (left ?? TimeSpan.FromDays(30)), now, null, ++version) { Fault = status == TrustTier.Affirming ? null : fault };
        Feed.Publish(entry, []);
    }

    public void Fail(int number, string fault = "PCR 7", string site = "oslo") => Put(number, TrustTier.Contraindicated, site, fault);

    public Task OfferAsync(AlertView alert, string what, CancellationToken cancellation)
    {
        Offered.Add((alert.Id, what));
        return Task.CompletedTask;
    }

    public Task RereadAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task TurnAsync(bool its)
    {
        Turns = its;
        return Task.CompletedTask;
    }

    /// <summary>It is this silo's turn.</summary>
    public bool Turns { get; private set; }

    public AlertBoard Fresh() => new(Book, Rules, Silences, Directory, Feed, () => List, Log, Troubles, Told.Add, this, Clock);

    private SiloTroubles Listening() => new(_ => Silos is { } silos ? Task.FromResult<IReadOnlyList<SiloView>>([.. silos]) : Task.FromException<IReadOnlyList<SiloView>>(new IOException("nobody answers")), Clock);
}
