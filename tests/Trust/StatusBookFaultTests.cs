using TrustMesh.Tests.Agent;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Trust;

/// <summary>
/// The fault table: a twin is saved as revoked, and one of the writes that bring it onto the list fails, before it was written or after. The process
/// goes on, or is killed. Never is the revocation lost, and never does a serial come twice.
/// </summary>
public sealed class StatusBookFaultTests
{
    /// <summary>Serial, history, list in force, and the removal of a line that said nothing new.</summary>
    public static TheoryData<int, bool, bool> Faults()
    {
        var table = new TheoryData<int, bool, bool>();
        for (var write = 1; write <= 3; write++)
            foreach (var persisted in (bool[])[false, true])
                foreach (var killed in (bool[])[false, true]) table.Add(write, persisted, killed);
        return table;
    }

    [Theory, MemberData(nameof(Faults))]
    public async Task A30_A_revocation_reaches_the_list_whatever_write_fails(int write, bool persisted, bool killed)
    {
        await using var bench = new StatusBench();
        var book = await bench.OpenAsync(bench.Twin(1, Standing.Active));
        var before = (await bench.NextAsync()).Serial;
        var revoked = bench.Twin(1, Standing.Revoked);
        bench.Store.Fail(write, persisted);
        // Whoever waits only after the failure waits for the next attempt.
        var held = new TaskCompletionSource();
        bench.Store.Held = held.Task;
        book.Note(revoked);
        var settled = book.SettledAsync(revoked.Enrolment.Device, CancellationToken.None);
        held.SetResult();
        await Assert.ThrowsAsync<IOException>(() => settled.WaitAsync(StatusBench.Deadline));
        await Eventually.TrueAsync(() => bench.Troubles.Count == 1, "the failure to be told");
        Assert.Equal(before, book.InForce.Serial);

        if (killed)
        {
            book.Dispose();
            book = await bench.OpenAsync(revoked);
        }
        else
        {
            bench.Time.Advance(TimeSpan.FromSeconds(2));
            await bench.NextAsync();
        }
        await book.SettledAsync(revoked.Enrolment.Device, CancellationToken.None).WaitAsync(StatusBench.Deadline);
        Assert.True(book.InForce.Serial > before);
        Assert.Equal(StatusValue.Invalid, bench.Read(book.InForce).At(1));
        Assert.Equal("stolen", Assert.Single(book.View().Devices).Reason);
        // Once in the history, and the history holds no list that was never in force.
        var history = await book.HistoryAsync(10, CancellationToken.None);
        Assert.Equal([book.InForce.Serial, before], history.Select(list => list.Serial));
        Assert.Single(history[0].Changes);
        book.Dispose();
    }

    [Theory, InlineData(false, false), InlineData(false, true), InlineData(true, false), InlineData(true, true)]
    public async Task A_renewal_whose_clearing_up_fails_is_in_force_all_the_same(bool persisted, bool killed)
    {
        await using var bench = new StatusBench { Grace = 400 };
        var book = await bench.OpenAsync();
        Assert.Equal(1, (await bench.NextAsync()).Serial);
        bench.Store.Fail(4, persisted);
        bench.Time.Advance(TimeSpan.FromSeconds(101));
        await Eventually.TrueAsync(() => bench.Troubles.Count == 1, "the failure to be told");
        if (killed)
        {
            book.Dispose();
            book = await bench.OpenAsync();
        }
        else
        {
            bench.Time.Advance(TimeSpan.FromSeconds(2));
            book.Note(bench.Twin(1, Standing.Revoked));
            await book.SettledAsync(bench.Twin(1, Standing.Revoked).Enrolment.Device, CancellationToken.None).WaitAsync(StatusBench.Deadline);
        }
        Assert.Equal(killed ? [2L] : [3L, 2L], (await book.HistoryAsync(10, CancellationToken.None)).Select(list => list.Serial));
        book.Dispose();
    }

    [Fact]
    public async Task Somebody_else_who_changed_the_list_is_heard_before_it_is_changed_again()
    {
        await using var bench = new StatusBench();
        using var one = await bench.OpenAsync();
        using var other = await bench.OpenAsync();
        one.Note(bench.Twin(1, Standing.Revoked));
        await one.SettledAsync(bench.Twin(1, Standing.Revoked).Enrolment.Device, CancellationToken.None).WaitAsync(StatusBench.Deadline);
        var second = bench.Twin(2, Standing.Revoked);
        var held = new TaskCompletionSource();
        bench.Store.Held = held.Task;
        other.Note(second);
        var settled = other.SettledAsync(second.Enrolment.Device, CancellationToken.None);
        held.SetResult();
        await Assert.ThrowsAsync<TrustMesh.Trust.Records.StaleRecordException>(() => settled.WaitAsync(StatusBench.Deadline));
        bench.Time.Advance(TimeSpan.FromSeconds(2));
        await other.SettledAsync(second.Enrolment.Device, CancellationToken.None).WaitAsync(StatusBench.Deadline);
        Assert.Equal(["device-1", "device-2"], other.View().Devices.Select(one => one.Name));
    }
}
