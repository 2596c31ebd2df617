using TrustMesh.Tests.Agent;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Trust;

public sealed class StatusBookTests
{
    [Fact]
    public async Task A_new_mesh_has_a_list_with_nobody_on_it()
    {
        await using var bench = new StatusBench();
        using var book = await bench.OpenAsync();
        var list = bench.Read(book.InForce);
        Assert.Equal((1L, 2, "urn:trustmesh:mesh:status", 1024L, 21_600), (list.Serial, list.Bits, list.Uri, list.Count, list.TtlSeconds));
        Assert.Equal(4 * 86_400, list.ExpiresAt - list.IssuedAt);
        Assert.All(Enumerable.Range(0, 1024), index => Assert.Equal(StatusValue.Valid, list.At(index)));
        Assert.Null(list.At(1024));
    }

    [Fact]
    public async Task What_is_settled_is_on_the_list_with_who_when_and_why()
    {
        await using var bench = new StatusBench();
        using var book = await bench.OpenAsync(bench.Twin(1, Standing.Active), bench.Twin(2, Standing.Active));
        var (stolen, odd) = (bench.Twin(1, Standing.Revoked), bench.Twin(2, Standing.Suspended, "odd"));
        book.Note(stolen);
        await book.SettledAsync(stolen.Enrolment.Device, CancellationToken.None).WaitAsync(StatusBench.Deadline);
        Assert.Equal((2L, StatusValue.Invalid, StatusValue.Valid), (bench.Read(book.InForce).Serial, bench.Read(book.InForce).At(1), bench.Read(book.InForce).At(2)));
        book.Note(odd);
        await book.SettledAsync(odd.Enrolment.Device, CancellationToken.None).WaitAsync(StatusBench.Deadline);
        book.Note(bench.Twin(2, Standing.Active, "looked at"));
        await book.SettledAsync(odd.Enrolment.Device, CancellationToken.None).WaitAsync(StatusBench.Deadline);
        Assert.Equal((4L, StatusValue.Invalid, StatusValue.Valid), (book.InForce.Serial, bench.Read(book.InForce).At(1), bench.Read(book.InForce).At(2)));

        var listed = Assert.Single(book.View().Devices);
        Assert.Equal(("device-1", "revoked", 1L, 2L, "stolen"), (listed.Name, listed.Standing, listed.Index, listed.Since, listed.Reason));
        var history = await book.HistoryAsync(10, CancellationToken.None);
        Assert.Equal([4L, 3L, 2L, 1L], history.Select(list => list.Serial));
        Assert.Equal(["active looked at ann", "suspended odd ann", "revoked stolen ann"], history.Take(3).Select(list => Assert.Single(list.Changes)).Select(one => $"{one.Standing} {one.Reason} {one.Actor}"));
        Assert.Empty(history[3].Changes);
    }

    /// <summary>The membership of the former enrolment lasts for weeks: peers must not accept it while a person has yet to look at the new one.</summary>
    [Fact]
    public async Task A12_A_device_that_enrolled_again_as_something_else_is_suspended_until_it_is_approved_and_a_new_one_that_waits_is_not()
    {
        await using var bench = new StatusBench();
        var time = bench.Time;
        TwinState Enrolled(TwinState? before, int key, bool approved)
        {
            var fresh = before?.Enrolment ?? bench.Twin(7, Standing.Pending).Enrolment;
            var step = TwinTransition.Enrol(before, new(fresh with { AttestationKey = new byte[] { (byte)key } }, approved), time.GetUtcNow()).State;
            return step.Standing == Standing.Active ? step with { Membership = new byte[] { 1 }, MembershipUntil = time.GetUtcNow() + TimeSpan.FromDays(30) } : step;
        }
        var waiting = Enrolled(null, 1, approved: false);
        using var book = await bench.OpenAsync(waiting);
        var device = waiting.Enrolment.Device;
        async Task<StatusValue?> NotedAsync(TwinState state)
        {
            // As it is stored and read again.
            book.Note(TwinStateCodec.Decode(TwinStateCodec.Encode(state), 1));
            await book.SettledAsync(device, CancellationToken.None).WaitAsync(StatusBench.Deadline);
            return bench.Read(book.InForce).At(7);
        }
        Assert.Equal(StatusValue.Valid, await NotedAsync(Enrolled(waiting, 2, approved: false)));
        var member = Enrolled(waiting, 1, approved: true);
        Assert.Equal(StatusValue.Valid, await NotedAsync(member));
        Assert.Equal(1, book.InForce.Serial);

        var again = Enrolled(member, 2, approved: false);
        Assert.Equal((Standing.Pending, StatusValue.Suspended), (again.Standing, await NotedAsync(again)));
        var listed = Assert.Single(book.View().Devices);
        Assert.Equal(("suspended", "joined again by a test, with another attestation key; the old one is void"), (listed.Standing, listed.Reason));
        Assert.Equal(StatusValue.Suspended, await NotedAsync(Enrolled(again, 3, approved: false)));
        Assert.Equal(StatusValue.Invalid, await NotedAsync(TwinTransition.Decide(again, new(Standing.Revoked, false, "ann", "stolen", null), time.GetUtcNow()).State));
        Assert.Equal(StatusValue.Suspended, await NotedAsync(again));

        var approved = TwinTransition.Decide(again, new(Standing.Active, false, "ann", "looked at", null), time.GetUtcNow()).State;
        Assert.Equal(StatusValue.Valid, await NotedAsync(approved));
        Assert.Empty(book.View().Devices);
        Assert.Equal("active looked at ann", Assert.Single((await book.HistoryAsync(1, CancellationToken.None))[0].Changes.Select(one => $"{one.Standing} {one.Reason} {one.Actor}")));
    }

    [Fact]
    public async Task A_burst_goes_into_one_list()
    {
        await using var bench = new StatusBench();
        using var book = await bench.OpenAsync();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Store.Held = held.Task;
        var twins = Enumerable.Range(1, 100).Select(i => bench.Twin(i, Standing.Revoked)).ToList();
        foreach (var twin in twins) book.Note(twin);
        var settled = Task.WhenAll(twins.Select(twin => book.SettledAsync(twin.Enrolment.Device, CancellationToken.None)));
        held.SetResult();
        await settled.WaitAsync(StatusBench.Deadline);
        Assert.InRange(book.InForce.Serial, 2, 3);
        Assert.Equal(100, book.View().Devices.Count);
    }

    [Fact]
    public async Task What_was_taken_back_before_a_list_said_so_is_not_on_one()
    {
        await using var bench = new StatusBench();
        using var book = await bench.OpenAsync();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Store.Held = held.Task;
        book.Note(bench.Twin(1, Standing.Revoked));
        book.Note(bench.Twin(2, Standing.Suspended));
        book.Note(bench.Twin(2, Standing.Active));
        held.SetResult();
        await book.SettledAsync(bench.Twin(1, Standing.Revoked).Enrolment.Device, CancellationToken.None).WaitAsync(StatusBench.Deadline);
        await book.SettledAsync(bench.Twin(2, Standing.Active).Enrolment.Device, CancellationToken.None).WaitAsync(StatusBench.Deadline);
        Assert.Equal("device-1", Assert.Single(book.View().Devices).Name);
    }

    [Fact]
    public async Task A_list_without_news_is_signed_anew_every_quarter_of_the_grace_and_leaves_one_line()
    {
        await using var bench = new StatusBench { Grace = 400 };
        using var book = await bench.OpenAsync(bench.Twin(1, Standing.Revoked));
        Assert.Equal(1, (await bench.NextAsync()).Serial);
        bench.Time.Advance(TimeSpan.FromSeconds(99));
        Assert.True(bench.IsQuiet);
        for (var serial = 2; serial < 6; serial++)
        {
            bench.Time.Advance(TimeSpan.FromSeconds(serial == 2 ? 2 : 101));
            var again = await bench.NextAsync();
            Assert.Equal((serial, 0), (again.Serial, again.Changes.Count));
            Assert.Equal((StatusValue.Invalid, bench.Time.GetUtcNow().ToUnixTimeSeconds()), (bench.Read(again).At(1), bench.Read(again).IssuedAt));
            // The writer is done when it has armed the clock again.
            await Eventually.TrueAsync(() => bench.Time.Timers > 0, "the next renewal to be set");
        }
        Assert.Equal([5L, 1L], (await book.HistoryAsync(10, CancellationToken.None)).Select(list => list.Serial));
        Assert.Equal(1, Assert.Single(book.View().Devices).Since);
    }

    [Fact]
    public async Task A_shorter_grace_counts_at_once()
    {
        await using var bench = new StatusBench();
        using var book = await bench.OpenAsync();
        await bench.NextAsync();
        bench.Time.Advance(TimeSpan.FromSeconds(60));
        bench.Grace = 40;
        book.Reconsider();
        Assert.Equal(2, (await bench.NextAsync()).Serial);
    }

    [Fact]
    public async Task The_list_grows_before_a_device_has_no_place_and_does_not_tell_their_number()
    {
        await using var bench = new StatusBench();
        using var book = await bench.OpenAsync(bench.Twin(700, Standing.Active));
        Assert.Equal(1024, (await bench.NextAsync()).Size);
        book.Note(bench.Twin(767, Standing.Active));
        Assert.True(bench.IsQuiet);
        book.Note(bench.Twin(768, Standing.Active));
        Assert.Equal(2048, (await bench.NextAsync()).Size);
    }

    [Fact]
    public async Task A_start_finds_what_twins_say_and_the_list_does_not()
    {
        await using var bench = new StatusBench();
        using (await bench.OpenAsync(bench.Twin(1, Standing.Active), bench.Twin(2, Standing.Suspended))) { }
        using var book = await bench.OpenAsync(bench.Twin(1, Standing.Revoked), bench.Twin(2, Standing.Active));
        Assert.Equal(2, book.InForce.Serial);
        Assert.Equal("device-1", Assert.Single(book.View().Devices).Name);
    }

    [Fact]
    public async Task A43_A_device_whose_twin_cannot_be_read_stays_on_the_list()
    {
        await using var bench = new StatusBench();
        using (await bench.OpenAsync(bench.Twin(1, Standing.Revoked))) { }
        using var book = await bench.OpenAsync();
        Assert.Equal((1L, "device-1"), (book.InForce.Serial, Assert.Single(book.View().Devices).Name));
    }

    [Fact]
    public async Task A30_A_lost_counter_does_not_bring_back_a_serial()
    {
        await using var bench = new StatusBench();
        using (var first = await bench.OpenAsync())
        {
            for (var i = 1; i <= 3; i++)
            {
                first.Note(bench.Twin(i, Standing.Revoked));
                await first.SettledAsync(bench.Twin(i, Standing.Revoked).Enrolment.Device, CancellationToken.None).WaitAsync(StatusBench.Deadline);
            }
        }
        await bench.Store.DeleteAsync("serial", "status", 4, CancellationToken.None);
        using var book = await bench.OpenAsync(bench.Twin(9, Standing.Revoked));
        Assert.Equal(5, book.InForce.Serial);
    }

    [Fact]
    public async Task A42_A_list_without_room_goes_on_for_whom_it_lists_and_says_who_is_not_on_it()
    {
        await using var bench = new StatusBench { Largest = 8_000, Grace = 400 };
        using var book = await bench.OpenAsync();
        var (listed, refused) = (0, default(FullStatusListException));
        for (var i = 1; refused is null && i < 100; i++)
        {
            book.Note(bench.Twin(i, Standing.Revoked));
            try
            {
                await book.SettledAsync(bench.Twin(i, Standing.Revoked).Enrolment.Device, CancellationToken.None).WaitAsync(StatusBench.Deadline);
                listed++;
            }
            catch (FullStatusListException full)
            {
                refused = full;
            }
        }
        Assert.InRange(listed, 5, 50);
        Assert.Contains($"The status list has {listed} devices and no room for another", refused!.Message);
        Assert.Equal(listed, book.View().Devices.Count);
        Assert.True((await bench.Store.ReadAsync("status", "current", CancellationToken.None))!.Value.Length <= 8_500);
        // Signed anew in time, or every device would cut itself off.
        var serial = book.InForce.Serial;
        bench.Time.Advance(TimeSpan.FromSeconds(101));
        await Eventually.TrueAsync(() => book.InForce.Serial > serial, "the list to be signed anew");
        Assert.Equal(listed, book.View().Devices.Count);
        // Room, and whoever waits is on it.
        book.Note(bench.Twin(1, Standing.Active));
        book.Note(bench.Twin(2, Standing.Active));
        await Eventually.TrueAsync(() =>
        {
            bench.Time.Advance(TimeSpan.FromSeconds(61));
            return book.Says(bench.Twin(listed + 1, Standing.Revoked).Enrolment.Device) == Standing.Revoked;
        }, "the one who waits to be listed");
        Assert.Equal(listed - 1, book.View().Devices.Count);
    }

    [Fact]
    public async Task A30_A_stored_list_that_somebody_changed_is_not_taken()
    {
        await using var bench = new StatusBench();
        using (await bench.OpenAsync(bench.Twin(1, Standing.Revoked))) { }
        var row = (await bench.Store.ReadAsync("status", "current", CancellationToken.None))!;
        var text = System.Text.Encoding.UTF8.GetString(row.Value.Span);
        var signed = text.IndexOf("\"signed\":\"", StringComparison.Ordinal) + 200;
        text = text[..signed] + (text[signed] == 'A' ? 'B' : 'A') + text[(signed + 1)..];
        await bench.Store.WriteAsync("status", "current", row.Version, System.Text.Encoding.UTF8.GetBytes(text), CancellationToken.None);
        await Assert.ThrowsAsync<UnreadableRecordException>(() => bench.OpenAsync());
    }
}
