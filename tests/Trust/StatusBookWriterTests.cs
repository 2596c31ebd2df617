using TrustMesh.Tests.Agent;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Trust;

/// <summary>While silos come and go, words about a device come late or from two places, and for a moment there are two writers of lists.</summary>
public sealed class StatusBookWriterTests
{
    [Theory]
    [InlineData(Standing.Revoked, Standing.Active, StatusValue.Invalid)]
    [InlineData(Standing.Active, Standing.Suspended, StatusValue.Valid)]
    public async Task A35_A_word_that_comes_late_takes_back_no_decision_that_came_after_it(Standing newer, Standing older, StatusValue stays)
    {
        await using var bench = new StatusBench();
        var suspended = bench.Twin(1, Standing.Suspended) with { Version = 4 };
        var device = suspended.Enrolment.Device;
        using var book = await bench.OpenAsync(suspended);
        book.Note(bench.Twin(1, newer) with { Version = 6 });
        await book.SettledAsync(device, default).WaitAsync(StatusBench.Deadline);

        book.Note(bench.Twin(1, older) with { Version = 5 });
        await book.SettledAsync(device, default).WaitAsync(StatusBench.Deadline);
        Assert.Equal(stays, bench.Read(book.InForce).At(1));

        // What is stored says how new it is, for whoever writes next.
        using var next = await bench.OpenAsync(bench.Twin(2, Standing.Active));
        if (newer == Standing.Revoked) next.Note(bench.Twin(1, older) with { Version = 5 });
        await next.SettledAsync(device, default).WaitAsync(StatusBench.Deadline);
        Assert.Equal(stays, bench.Read(next.InForce).At(1));
        next.Note(bench.Twin(1, Standing.Suspended, "later") with { Version = 7 });
        await next.SettledAsync(device, default).WaitAsync(StatusBench.Deadline);
        Assert.Equal(StatusValue.Suspended, bench.Read(next.InForce).At(1));
    }

    [Fact]
    public async Task A_twin_that_was_restored_from_a_backup_is_believed_at_the_next_start()
    {
        await using var bench = new StatusBench();
        using var book = await bench.OpenAsync(bench.Twin(1, Standing.Suspended) with { Version = 9 });
        using var next = await bench.OpenAsync(bench.Twin(1, Standing.Active) with { Version = 3 });
        Assert.Equal(StatusValue.Valid, bench.Read(next.InForce).At(1));
        next.Note(bench.Twin(1, Standing.Revoked) with { Version = 4 });
        await next.SettledAsync(bench.Twin(1, Standing.Active).Enrolment.Device, default).WaitAsync(StatusBench.Deadline);
        Assert.Equal(StatusValue.Invalid, bench.Read(next.InForce).At(1));
    }

    [Fact]
    public async Task A35_A_list_of_a_writer_that_had_to_go_is_found_and_whom_it_names_is_asked_for_again()
    {
        await using var bench = new StatusBench();
        var (suspended, resumed) = (bench.Twin(1, Standing.Suspended) with { Version = 5 }, bench.Twin(1, Standing.Active, "looked at") with { Version = 6 });
        var device = suspended.Enrolment.Device;
        using var former = await bench.OpenAsync(bench.Twin(1, Standing.Active));
        // It stands still in the middle of writing: the next one reads what was in force before, and hears of the resumption, of which that list has nothing to say.
        var (entered, held) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        bench.Store.Meanwhile = () =>
        {
            entered.SetResult();
            return held.Task;
        };
        former.Note(suspended);
        await entered.Task.WaitAsync(StatusBench.Deadline);
        using var next = await bench.OpenAsync(bench.Twin(1, Standing.Active));
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        next.Overtaken += devices =>
        {
            Assert.Equal([device], devices);
            next.Note(resumed);
            asked.SetResult();
        };
        next.Note(resumed);
        await next.SettledAsync(device, default).WaitAsync(StatusBench.Deadline);
        held.SetResult();
        await former.SettledAsync(device, default).WaitAsync(StatusBench.Deadline);
        Assert.Equal((StatusValue.Suspended, StatusValue.Valid), (bench.Read(former.InForce).At(1), bench.Read(next.InForce).At(1)));

        next.Look();
        await asked.Task.WaitAsync(StatusBench.Deadline);
        await next.SettledAsync(device, default).WaitAsync(StatusBench.Deadline);

        Assert.Equal(StatusValue.Valid, bench.Read(next.InForce).At(1));
        Assert.True(next.InForce.Serial > former.InForce.Serial);
        // And the former one, if it is still there, writes its own no more.
        former.Look();
        await Eventually.TrueAsync(() => former.InForce.Serial == next.InForce.Serial, "the former writer to see what is in force");
        Assert.Equal(StatusValue.Valid, bench.Read(former.InForce).At(1));
    }

    [Fact]
    public async Task A_writer_that_goes_ends_the_list_it_is_writing()
    {
        await using var bench = new StatusBench();
        var book = await bench.OpenAsync(bench.Twin(1, Standing.Active));
        var (entered, held) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        bench.Store.Meanwhile = () =>
        {
            entered.SetResult();
            return held.Task;
        };
        book.Note(bench.Twin(1, Standing.Revoked));
        await entered.Task.WaitAsync(StatusBench.Deadline);
        var closed = book.CloseAsync();
        Assert.False(closed.IsCompleted);
        held.SetResult();
        await closed.WaitAsync(StatusBench.Deadline);
        using var next = await bench.OpenAsync();
        Assert.Equal(StatusValue.Invalid, bench.Read(next.InForce).At(1));
    }
}
