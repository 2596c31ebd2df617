using TrustMesh.Trust.Twins;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Trust;

/// <summary>The fault table: each kind of write fails once before it was written and once after. Never may a twin believe what the store does not hold.</summary>
public class DeviceTwinFaultTests
{
    /// <summary>The store the twin's store with faults stands on; null for the one in memory.</summary>
    protected virtual ITwinStore? Inner => null;

    public static TheoryData<string, bool> Faults()
    {
        var table = new TheoryData<string, bool>();
        foreach (var write in (string[])["enrol", "suspend", "revoke", "accept", "refuse", "expire", "hear", "tag"])
        {
            table.Add(write, false);
            table.Add(write, true);
        }
        return table;
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_failed_write_is_forgotten_and_what_is_stored_counts(string write, bool persisted)
    {
        using var bench = new TwinBench(Inner);
        bench.Measure("/etc/app.conf");
        if (write != "enrol") await bench.Twin.EnrolAsync(new(bench.Enrolment, true), default);
        if (write == "expire")
        {
            await bench.Twin.AcceptAsync(bench.Evidence((await bench.Twin.ReadAsync(default))!), bench.SessionKey, default);
            bench.Time.Advance(TimeSpan.FromSeconds(61));
        }
        var before = await bench.Store.LoadAsync(bench.Root.Device, default);
        bench.Published.Clear();

        var evidence = write == "accept" ? bench.Evidence((await bench.Twin.ReadAsync(default))!) : null;
        bench.Store.FailPersisted = persisted;
        await Assert.ThrowsAsync<IOException>(() => write switch
        {
            "enrol" => bench.Twin.EnrolAsync(new(bench.Enrolment, true), default),
            "suspend" => bench.Twin.DecideAsync(new(Standing.Suspended, false, "ann", "test", null), default),
            "revoke" => bench.Twin.DecideAsync(new(Standing.Revoked, false, "ann", "test", null), default),
            "accept" => bench.Twin.AcceptAsync(evidence!, bench.SessionKey, default),
            "tag" => bench.Twin.TagAsync(new(["lab"], [], "ann", "test", null), default),
            "refuse" => bench.Twin.RefuseAsync([new("check", "claim", "a", "b", "rule", Outcome.Fail)], default),
            "hear" => bench.Twin.HearAsync(new([new(bench.Time.GetUtcNow(), EventKind.Peer, "a peer judges", TwinEvent.Peers)], [], 0), default),
            _ => bench.Twin.ReadAsync(default),
        });

        Assert.Empty(bench.Published);
        var stored = await bench.Store.LoadAsync(bench.Root.Device, default);
        Assert.Equal((before?.Version ?? 0) + (persisted ? 1 : 0), stored?.Version ?? 0);
        var now = await bench.Twin.ReadAsync(default);
        if (write == "expire")
        {
            // Reading is what expires: it works now, whichever way the first try went, and there is one line of it.
            Assert.True(now!.StaleNoted);
            Assert.Single(now.Timeline, line => line.Kind == EventKind.Stale);
        }
        else
        {
            Assert.Equal(stored?.Version ?? 0, now?.Version ?? 0);
            if (stored is not null) Assert.Equal(stored.State.ToArray(), TwinStateCodec.Encode(now!));
        }
        // The directory learns what was written unheard as soon as the twin knows it.
        Assert.Equal(persisted || write == "expire" || before is not null, bench.Published.Count > 0);
        if (bench.Published.Count > 0) Assert.Equal(now!.Version, bench.Published[^1].State.Version);
    }

    public static TheoryData<string, bool> LogFaults()
    {
        var table = new TheoryData<string, bool>();
        foreach (var step in (string[])["append", "let go"])
            foreach (var persisted in (bool[])[false, true]) table.Add(step, persisted);
        return table;
    }

    [Theory]
    [MemberData(nameof(LogFaults))]
    public async Task What_the_log_did_not_take_is_paid_by_the_next_call(string step, bool persisted)
    {
        using var bench = new TwinBench();
        await bench.Twin.EnrolAsync(new(bench.Enrolment, true), default);
        if (step == "append") bench.Log.FailPersisted = persisted;
        else bench.Store.FailLogged = persisted;
        await Assert.ThrowsAsync<IOException>(() => bench.Twin.DecideAsync(new(Standing.Suspended, false, "ann", "test", null), default));

        // Saved, published, and owed: nobody was told yes.
        Assert.Equal(Standing.Suspended, bench.Published[^1].State.Standing);
        Assert.Equal(step == "let go" && persisted, (await bench.Store.LoadAsync(bench.Root.Device, default))!.Unlogged.IsEmpty);

        // A call without a change pays too, and only what is still owed.
        Assert.Equal(2, (await bench.Twin.ReadAsync(default))!.Version);
        Assert.True((await bench.Store.LoadAsync(bench.Root.Device, default))!.Unlogged.IsEmpty);
        Assert.Equal(step == "append" && persisted ? [1, 2, 2] : [1, 2], bench.Log.Lines.Select(line => line.Version));
        await bench.Twin.ReadAsync(default);
        Assert.Equal(2, bench.Log.Lines.Select(line => line.Version).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(LogFaults))]
    public async Task What_a_crash_left_owed_is_paid_when_the_twin_is_loaded(string step, bool persisted)
    {
        using var bench = new TwinBench();
        if (step == "append") bench.Log.FailPersisted = persisted;
        else bench.Store.FailLogged = persisted;
        await Assert.ThrowsAsync<IOException>(() => bench.Twin.EnrolAsync(new(bench.Enrolment, true), default));
        var second = bench.NewTwin();
        await second.ReadAsync(default);
        Assert.True((await bench.Store.LoadAsync(bench.Root.Device, default))!.Unlogged.IsEmpty);
        var line = bench.Log.Lines[0];
        Assert.Equal((EventKind.Enrolled, bench.Root.Device, "device-1", 1L), (line.Kind, line.Device!.Value, line.Name, line.Version));
        // Twice only where nobody could know: a line says the same twice.
        Assert.Equal(step == "append" && !persisted || step == "let go" && persisted ? 1 : 2, bench.Log.Lines.Count);
        Assert.Single(bench.Log.Lines.Distinct());
    }

    [Fact]
    public async Task While_the_log_does_not_answer_nothing_new_is_decided()
    {
        using var bench = new TwinBench();
        await bench.Twin.EnrolAsync(new(bench.Enrolment, true), default);
        bench.Log.FailPersisted = false;
        await Assert.ThrowsAsync<IOException>(() => bench.Twin.DecideAsync(new(Standing.Suspended, false, "ann", "test", null), default));
        bench.Log.FailPersisted = false;
        await Assert.ThrowsAsync<IOException>(() => bench.Twin.DecideAsync(new(Standing.Revoked, false, "ann", "test", null), default));
        Assert.Equal(2, (await bench.Store.LoadAsync(bench.Root.Device, default))!.Version);
        await bench.Twin.DecideAsync(new(Standing.Revoked, false, "ann", "test", null), default);
        Assert.Equal([EventKind.Enrolled, EventKind.Suspended, EventKind.Revoked], bench.Log.Lines.Select(line => line.Kind));
    }

    [Fact]
    public async Task Evidence_without_news_costs_the_log_nothing()
    {
        using var bench = new TwinBench();
        bench.Measure("/a");
        var state = await bench.Twin.EnrolAsync(new(bench.Enrolment, true), default);
        state = (await bench.Twin.AcceptAsync(bench.Evidence(state), bench.SessionKey, default))!.State;
        Assert.Equal([EventKind.Enrolled, EventKind.Verdict], bench.Log.Lines.Select(line => line.Kind));
        bench.Time.Advance(TimeSpan.FromSeconds(5));
        await bench.Twin.AcceptAsync(bench.Evidence(state), bench.SessionKey, default);
        Assert.Equal(2, bench.Log.Lines.Count);
        Assert.Equal(3, (await bench.Store.LoadAsync(bench.Root.Device, default))!.Version);
    }

    [Fact]
    public async Task A43_Owed_lines_that_cannot_be_read_isolate_the_device()
    {
        using var bench = new TwinBench();
        await bench.Store.SaveAsync(new(bench.Root.Device, 0, TwinStateCodec.Encode(TwinTransition.Enrol(null, new(bench.Enrolment, true), bench.Time.GetUtcNow()).State), null, null, new byte[] { 1, 2, 3 }), default);
        await Assert.ThrowsAsync<UnreadableTwinException>(() => bench.NewTwin().ReadAsync(default));
        Assert.Empty(bench.Log.Lines);
    }

    [Fact]
    public async Task Of_two_twins_of_one_device_the_slower_writes_nothing()
    {
        using var bench = new TwinBench(Inner);
        await bench.Twin.EnrolAsync(new(bench.Enrolment, true), default);
        var second = bench.NewTwin();
        await second.ReadAsync(default);
        await bench.Twin.DecideAsync(new(Standing.Suspended, false, "ann", "test", null), default);
        await Assert.ThrowsAsync<StaleTwinException>(() => second.DecideAsync(new(Standing.Revoked, false, "bob", "test", null), default));
        Assert.Equal(Standing.Suspended, (await second.ReadAsync(default))!.Standing);
    }

    [Fact]
    public async Task Evidence_that_continues_an_older_state_is_stale()
    {
        using var bench = new TwinBench(Inner);
        bench.Measure("/a");
        var enrolled = await bench.Twin.EnrolAsync(new(bench.Enrolment, true), default);
        var (first, second) = (bench.Evidence(enrolled), bench.Evidence(enrolled));
        await bench.Twin.AcceptAsync(first, bench.SessionKey, default);
        await Assert.ThrowsAsync<StaleTwinException>(() => bench.Twin.AcceptAsync(second, bench.SessionKey, default));
    }

    [Fact]
    public async Task The_log_of_the_boot_is_stored_with_the_verdict_it_explains()
    {
        using var bench = new TwinBench(Inner);
        bench.Measure("/a");
        var state = await bench.Twin.EnrolAsync(new(bench.Enrolment, true), default);
        state = (await bench.Twin.AcceptAsync(bench.Evidence(state), bench.SessionKey, default))!.State;
        bench.Measure("/b");
        bench.Measure("/c");
        state = (await bench.Twin.AcceptAsync(bench.Evidence(state), bench.SessionKey, default))!.State;
        var stored = await bench.Store.LoadProofAsync(bench.Root.Device, default);
        Assert.Equal(state.Attester.LogCount, stored!.Log.Count);
        Assert.Equal(["/a", "/b", "/c"], stored.Log.Select(entry => LogEntry.Decode(entry).Name));
        Assert.Equal(["/a", "/b", "/c"], state.Attester.Current.Keys);
    }
}
