using TrustMesh.Contracts;
using TrustMesh.Tests.Trust.Log;
using TrustMesh.Trust.Acts;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Revoking;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Trust.Revoking;

/// <summary>Each write of an act fails once persisted and once not; whoever sends it again finishes it, once.</summary>
public sealed class RevocationDeskFaultTests : IAsyncDisposable
{
    private static readonly OperatorIdentity Olga = Person("olga", OperatorRole.Operator), Aksel = Person("aksel", OperatorRole.Approver);

    private readonly StatusBench bench = new();
    private readonly Dictionary<DeviceId, MemoryTwin> twins = [];
    private readonly HeardLog log = new();
    private readonly DeviceDirectory directory;
    private readonly SecondPersonRule rule;
    private readonly RevocationDesk desk;

    public RevocationDeskFaultTests()
    {
        directory = new(bench.Time);
        rule = new(bench.Store, bench.Time);
        desk = new(new ActStore(bench.Store, log, _ => { }, TimeSpan.Zero, bench.Time), rule, directory, device => twins[device], () => 7, bench.Time);
        foreach (var name in new[] { "a", "b", "c" })
        {
            var twin = new MemoryTwin(name, directory, bench.Time);
            twins[twin.State.Enrolment.Device] = twin;
        }
    }

    [Theory, MemberData(nameof(Faults))]
    public async Task An_act_that_was_cut_is_finished_by_sending_it_again(int write, bool persisted)
    {
        var order = Order("night");
        bench.Store.Fail(write, persisted);
        await TriedAsync(() => desk.AskAsync(order, Olga, CancellationToken.None, CancellationToken.None));
        var done = await desk.AskAsync(order, Olga, CancellationToken.None, CancellationToken.None);
        AssertDone(done, "olga");
        Assert.Equal(["olga revoked", "olga revokes"], Told.Order());
        Assert.Single(await desk.ListAsync(CancellationToken.None));
    }

    [Theory, MemberData(nameof(Faults))]
    public async Task An_approval_that_was_cut_is_finished_by_sending_it_again(int write, bool persisted)
    {
        await rule.SetAsync(0, 24, CancellationToken.None);
        var order = Order("night");
        Assert.Equal("waiting", (await desk.AskAsync(order, Olga, CancellationToken.None, CancellationToken.None)).Act!.Request.State);
        bench.Store.Fail(write, persisted);
        await TriedAsync(() => desk.ApproveAsync("night", new(order.Digest), Aksel, CancellationToken.None, CancellationToken.None));
        AssertDone(await desk.ApproveAsync("night", new(order.Digest), Aksel, CancellationToken.None, CancellationToken.None), "aksel");
        Assert.Equal(["aksel approves", "aksel revoked", "olga asks"], Told.Order());
    }

    [Theory, MemberData(nameof(Faults))]
    public async Task A_request_that_was_cut_is_there_once_and_told(int write, bool persisted)
    {
        await rule.SetAsync(0, 24, CancellationToken.None);
        bench.Store.Fail(write, persisted);
        await TriedAsync(() => desk.AskAsync(Order("night"), Olga, CancellationToken.None, CancellationToken.None));
        Assert.Equal("waiting", (await desk.AskAsync(Order("night"), Olga, CancellationToken.None, CancellationToken.None)).Act!.Request.State);
        Assert.Single(await desk.ListAsync(CancellationToken.None));
        Assert.Equal(["olga asks"], Told);
        Assert.All(twins.Values, twin => Assert.Equal(Standing.Active, twin.State.Standing));
    }

    [Fact]
    public async Task A_device_that_cannot_be_reached_holds_up_no_other_and_is_done_when_it_is_sent_again()
    {
        var lost = twins.Values.First();
        lost.Fails = 1;
        var first = (await desk.AskAsync(Order("night"), Olga, CancellationToken.None, CancellationToken.None)).Act!;
        Assert.Equal(("running", 2, 1), (first.Request.State, first.Request.Revoked, first.Request.Failed));
        Assert.Equal("failed", first.Devices.Single(one => one.Name == lost.State.Enrolment.Name).Outcome);
        AssertDone(await desk.AskAsync(Order("night"), Olga, CancellationToken.None, CancellationToken.None), "olga");
    }

    [Fact]
    public async Task A_device_that_proves_itself_in_between_is_decided_about_all_the_same()
    {
        foreach (var twin in twins.Values) twin.Proves = 3;
        AssertDone(await desk.AskAsync(Order("night"), Olga, CancellationToken.None, CancellationToken.None), "olga");
    }

    [Fact]
    public async Task A37_Rights_are_asked_for_again_when_the_device_is_decided_about()
    {
        // The directory is behind: it has the device at another site than its twin, and the order has the twin's mark.
        var moved = twins.Values.First();
        var state = moved.State with { Enrolment = moved.State.Enrolment with { Site = "bergen" } };
        moved.State = state;
        var target = new PlanTarget(state.Enrolment.Device.Text, PlanMarks.Of(state));
        var only = new OperatorIdentity("olga", OperatorRights.Parse([new("operator", ["oslo"])], out _)!, DateTimeOffset.MaxValue, "s");
        var done = (await desk.AskAsync(new(PlanMarks.Digest([target]), [target], "why", "night"), only, CancellationToken.None, CancellationToken.None)).Act!;
        Assert.Equal(("refused", "This needs operator for site bergen."), (done.Devices[0].Outcome, done.Devices[0].Why));
        Assert.Equal(Standing.Active, moved.State.Standing);
    }

    [Fact]
    public async Task A42_So_many_wait_and_no_more_and_what_is_over_makes_room()
    {
        await rule.SetAsync(0, 24, CancellationToken.None);
        for (var i = 0; i < 50; i++) Assert.NotNull((await desk.AskAsync(Order($"night-{i}"), Olga, CancellationToken.None, CancellationToken.None)).Act);
        var full = await desk.AskAsync(Order("one-more"), Olga, CancellationToken.None, CancellationToken.None);
        Assert.Equal((DeskRefusal.Conflict, true), (full.Refusal, full.Why.Contains("50 requests wait already", StringComparison.Ordinal)));
        bench.Time.Advance(TimeSpan.FromHours(24));
        Assert.NotNull((await desk.AskAsync(Order("one-more"), Olga, CancellationToken.None, CancellationToken.None)).Act);
    }

    public static TheoryData<int, bool> Faults
    {
        get
        {
            var faults = new TheoryData<int, bool>();
            for (var write = 1; write <= 9; write++)
                foreach (var persisted in new[] { true, false }) faults.Add(write, persisted);
            return faults;
        }
    }

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    /// <summary>Who did what, as the log has it.</summary>
    private IEnumerable<string> Told => log.Lines.Select(line => $"{line.Actor} {line.Text.Split(' ')[0]}");

    private static OperatorIdentity Person(string name, OperatorRole role) => new(name, OperatorRights.Of(role), DateTimeOffset.MaxValue, "s");

    /// <summary>The first try, which may be cut, or not: a write that is never reached fails nothing.</summary>
    private static async Task TriedAsync(Func<Task<DeskAnswer>> call)
    {
        try
        {
            await call();
        }
        catch (IOException)
        {
            return;
        }
    }

    private void AssertDone(DeskAnswer answer, string actor)
    {
        Assert.True(answer.Act is not null, answer.Why);
        Assert.Equal(("done", 3, 0), (answer.Act.Request.State, answer.Act.Request.Revoked, answer.Act.Request.Failed));
        Assert.All(answer.Act.Devices, device => Assert.Equal("revoked", device.Outcome));
        Assert.All(twins.Values, twin => Assert.Equal(actor, Assert.Single(twin.State.Timeline, line => line.Kind == EventKind.Revoked).Actor));
    }

    private RevocationOrder Order(string request)
    {
        PlanTarget[] targets = [.. directory.Entries.Where(entry => entry.Standing == Standing.Active || request == "night").Select(entry => new PlanTarget(entry.Device.Text, Marks[entry.Device]))];
        return new(PlanMarks.Digest(targets), targets, "stolen", request);
    }

    private Dictionary<DeviceId, string> Marks => field ??= directory.Entries.ToDictionary(entry => entry.Device, PlanMarks.Of);

    /// <summary>A twin without storage that can fail, and that can prove itself between a look and a decision.</summary>
    private sealed class MemoryTwin : IDeviceTwin
    {
        private readonly DeviceDirectory directory;
        private readonly TimeProvider time;

        public MemoryTwin(string name, DeviceDirectory directory, TimeProvider time)
        {
            (this.directory, this.time) = (directory, time);
            var enrolment = new Enrolment(new byte[16], DeviceId.FromRootKey(System.Text.Encoding.UTF8.GetBytes(name)), RootKind.Software, AssuranceTier.Software, new byte[32], new byte[4], "none", name, "oslo", "sensor", 1, "a test", time.GetUtcMillisecond());
            State = new(enrolment, Standing.Active, default, DateTimeOffset.UnixEpoch, null, AttesterState.None, null, false, [], 1);
            directory.Put(DeviceEntry.Of(State));
        }

        public TwinState State { get; set; }

        public int Fails { get; set; }

        public int Proves { get; set; }

        public Task<TwinState?> ReadAsync(CancellationToken cancellation) => Task.FromResult<TwinState?>(State);

        public Task<TwinAnswer?> DecideAsync(StandingDecision decision, CancellationToken cancellation)
        {
            if (Fails-- > 0) throw new IOException("the disk is away");
            if (Proves-- > 0) State = State with { Version = State.Version + 1 };
            var step = TwinTransition.Decide(State, decision, time.GetUtcMillisecond());
            if (step.Changed) directory.Put(DeviceEntry.Of(State = step.State with { Version = State.Version + 1 }));
            return Task.FromResult<TwinAnswer?>(new(State, step.Refused));
        }

        public Task<TwinAnswer?> TagAsync(TagChange change, CancellationToken cancellation) => throw new NotSupportedException("It is only decided about.");

        public Task<TwinState> EnrolAsync(Admission admission, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<EvidenceAnswer?> AcceptAsync(VerifiedEvidence evidence, ReadOnlyMemory<byte> sessionKey, CancellationToken cancellation) => throw new NotSupportedException();

        public Task RefuseAsync(IReadOnlyList<Finding> findings, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<TwinState?> HearAsync(PeerNews news, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
