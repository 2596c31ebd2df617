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
        foreach (var write in (string[])["enrol", "suspend", "revoke", "accept", "refuse", "expire", "hear"])
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
