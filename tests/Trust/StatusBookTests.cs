using TrustMesh.Tests.Agent;
using TrustMesh.Trust.Authority;
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
    public async Task A30_A_stored_list_that_somebody_changed_is_not_taken()
    {
        await using var bench = new StatusBench();
        using (await bench.OpenAsync(bench.Twin(1, Standing.Revoked))) { }
        var row = (await bench.Store.ReadAsync("status", "current", CancellationToken.None))!;
        var text = System.Text.Encoding.UTF8.GetString(row.Value.Span);
        var signed = text.IndexOf("\"signed\":\"", StringComparison.Ordinal) + 200;
        text = text[..signed] + (text[signed] == 'A' ? 'B' : 'A') + text[(signed + 1)..];
        await bench.Store.WriteAsync("status", "current", row.Version, System.Text.Encoding.UTF8.GetBytes(text), CancellationToken.None);
        await Assert.ThrowsAsync<InvalidDataException>(() => bench.OpenAsync());
    }
}
