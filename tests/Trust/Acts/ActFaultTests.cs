using System.Text;
using TrustMesh.Trust.Acts;
using TrustMesh.Trust.Records;

namespace TrustMesh.Tests.Trust.Acts;

/// <summary>
/// The fault table of acts: each of an act's four writes (its slot, its row, the log's head, its slot again) fails once before it was written and once after, which
/// is also where a crash comes. Afterwards the row is changed and the log has the line once, or neither.
/// </summary>
public class ActFaultTests : IAsyncLifetime
{
    private const string Kind = "saved-query", Id = "dark-cabinets";

    private ActBench bench = null!;

    public static TheoryData<string, int, bool> Faults()
    {
        var table = new TheoryData<string, int, bool>();
        foreach (var act in (string[])["make", "change", "remove"])
            for (var write = 1; write <= 4; write++)
            {
                table.Add(act, write, false);
                table.Add(act, write, true);
            }
        return table;
    }

    /// <summary>The rows of the host; null: the embedded one's.</summary>
    protected virtual ValueTask<IRecordStore?> RowsAsync() => new(default(IRecordStore));

    public async ValueTask InitializeAsync() => bench = await ActBench.StartAsync(await RowsAsync());

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return bench.DisposeAsync();
    }

    [Theory, MemberData(nameof(Faults))]
    public async Task What_a_crash_left_is_finished_at_the_next_start(string act, int write, bool persisted)
    {
        var before = await CutAsync(act, write, persisted);
        await bench.NewSilo().SweepAsync(default);
        await AssertAsync(act, before, happened: write > 1 || persisted);
        // And is not done twice.
        Assert.Equal(0, await bench.NewSilo().SweepAsync(default));
        await AssertAsync(act, before, happened: write > 1 || persisted);
    }

    [Theory, MemberData(nameof(Faults))]
    public async Task What_a_crash_left_is_finished_before_the_next_act_on_the_row(string act, int write, bool persisted)
    {
        var before = await CutAsync(act, write, persisted);
        var silo = bench.NewSilo();
        // Whoever acts next decides on what it sees, and looks again when it has changed.
        for (var tries = 1; ; tries++)
        {
            var version = (await silo.ReadAsync(Kind, Id, default))?.Version ?? 0;
            try
            {
                await silo.ActAsync(Kind, Id, version, "next"u8.ToArray(), bench.Line("next"), default);
                break;
            }
            catch (StaleRecordException) when (tries == 1)
            {
                continue;
            }
        }
        Assert.Equal([.. before, .. write > 1 || persisted ? new[] { act } : [], "next"], await bench.LinesAsync());
        Assert.Equal("next", Encoding.UTF8.GetString((await silo.ReadAsync(Kind, Id, default))!.Value.Span));
    }

    [Theory, MemberData(nameof(Faults))]
    public async Task What_a_crash_left_is_finished_before_the_row_is_written_otherwise(string act, int write, bool persisted)
    {
        var before = await CutAsync(act, write, persisted);
        var happened = write > 1 || persisted;
        var silo = bench.NewSilo();
        var seen = await silo.ReadAsync(Kind, Id, default);
        try
        {
            await silo.WriteAsync(Kind, Id, seen?.Version ?? 0, "otherwise"u8.ToArray(), default);
        }
        catch (StaleRecordException)
        {
            // What it had seen was from before the act, which happened first.
            Assert.True(happened);
        }
        Assert.Equal([.. before, .. happened ? new[] { act } : []], await bench.LinesAsync());
        Assert.Equal(0, await bench.NewSilo().SweepAsync(default));
    }

    [Fact]
    public async Task An_act_on_a_row_that_changed_meanwhile_did_not_happen_and_has_no_line()
    {
        var silo = bench.NewSilo();
        await silo.ActAsync(Kind, Id, 0, "a"u8.ToArray(), bench.Line("made"), default);
        await Assert.ThrowsAsync<StaleRecordException>(() => silo.ActAsync(Kind, Id, 0, "b"u8.ToArray(), bench.Line("lost"), default));
        await Assert.ThrowsAsync<StaleRecordException>(() => silo.ActAsync(Kind, "another", 1, null, bench.Line("lost"), default));
        // Between the look at the row and the write of it, by one who does not go through acts: a device takes a use of a token.
        bench.Store.Meanwhile = () => bench.Rows.WriteAsync(Kind, Id, 1, "c"u8.ToArray(), default);
        await Assert.ThrowsAsync<StaleRecordException>(() => silo.ActAsync(Kind, Id, 1, null, bench.Line("lost"), default));
        Assert.Equal(["made"], await bench.LinesAsync());
        Assert.Equal(["made"], bench.Told);
        Assert.Equal(0, await silo.SweepAsync(default));
        await silo.ActAsync(Kind, Id, 2, null, bench.Line("removed"), default);
        Assert.Equal(["made", "removed"], await bench.LinesAsync());
    }

    [Fact]
    public async Task Of_silos_that_act_on_the_same_rows_at_once_each_act_has_its_line()
    {
        const int Silos = 3, Acts = 12;
        // The clock below runs as fast as it can, and none of them stands still: nobody may take an act of another over, however slow the store is.
        var silos = Enumerable.Range(0, Silos).Select(_ => bench.NewSilo(TimeSpan.FromDays(36_500))).ToList();
        using var stop = new CancellationTokenSource();
        var clock = Task.Run(async () =>
        {
            // Whoever waits for another silo's act looks again when the clock says so.
            while (!stop.IsCancellationRequested)
            {
                bench.Time.Advance(TimeSpan.FromMilliseconds(100));
                await Task.Yield();
            }
        });
        await Task.WhenAll(silos.SelectMany((silo, number) => Enumerable.Range(0, 2).Select(row => Task.Run(async () =>
        {
            for (var done = 0; done < Acts;)
            {
                var version = (await silo.ReadAsync(Kind, $"row-{row}", default))?.Version ?? 0;
                try
                {
                    await silo.ActAsync(Kind, $"row-{row}", version, Encoding.UTF8.GetBytes($"{number}-{done}"), bench.Line($"{number} {row} {done}"), default);
                    done++;
                }
                catch (StaleRecordException)
                {
                    // Another silo was faster: this act did not happen.
                    continue;
                }
            }
        }))));
        await stop.CancelAsync();
        await clock;
        var lines = await bench.LinesAsync();
        Assert.Equal(Silos * 2 * Acts, lines.Count);
        Assert.Equal(lines.Count, lines.Distinct().Count());
        for (var row = 0; row < 2; row++) Assert.Equal(Silos * Acts, (await bench.Rows.ReadAsync(Kind, $"row-{row}", default))!.Version);
    }

    [Fact]
    public async Task An_act_of_another_silo_is_waited_for_and_finished_once_it_has_stood_still_for_long()
    {
        await CutAsync("make", 2, false);
        var other = bench.NewSilo(TimeSpan.FromSeconds(10));
        Assert.Equal(0, await other.SweepAsync(default));
        bench.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(0, await other.SweepAsync(default));
        Assert.Empty(await bench.LinesAsync());
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await other.SweepAsync(default));
        Assert.Equal(["make"], await bench.LinesAsync());
    }

    [Fact]
    public async Task A43_An_act_that_cannot_be_read_stops_what_would_go_over_it_and_nothing_else()
    {
        await CutAsync("make", 2, false);
        var slot = ActStore.IdOf(ActStore.SlotOf(Kind, Id));
        await bench.Rows.WriteAsync(ActStore.Kind, slot, 1, "{"u8.ToArray(), default);
        var silo = bench.NewSilo();
        var named = await Assert.ThrowsAsync<UnreadableRecordException>(() => silo.ActAsync(Kind, Id, 0, "b"u8.ToArray(), bench.Line("over it"), default));
        Assert.Contains($"The stored act row '{slot}' cannot be read", named.Message);
        Assert.Contains("do not delete it", named.Message);
        Assert.Equal(named.Message, Assert.IsType<UnreadableRecordException>(Assert.Single((await Assert.ThrowsAsync<AggregateException>(() => silo.SweepAsync(default))).InnerExceptions)).Message);
        var elsewhere = Enumerable.Range(0, 100).Select(i => $"query-{i}").First(id => ActStore.IdOf(ActStore.SlotOf(Kind, id)) != slot);
        await silo.ActAsync(Kind, elsewhere, 0, "c"u8.ToArray(), bench.Line("elsewhere"), default);
        Assert.Equal(["elsewhere"], await bench.LinesAsync());
    }

    [Fact]
    public async Task Acts_change_only_rows_of_kinds_that_are_declared_for_it()
        => await Assert.ThrowsAsync<ArgumentException>(() => bench.NewSilo().ActAsync("serial", "a", 0, "b"u8.ToArray(), bench.Line("c"), default));

    /// <summary>An act of which one write fails; the process that did it is gone. The lines there were before.</summary>
    private async Task<IReadOnlyList<string>> CutAsync(string act, int write, bool persisted)
    {
        var silo = bench.NewSilo();
        if (act != "make") await silo.ActAsync(Kind, Id, 0, "first"u8.ToArray(), bench.Line("first"), default);
        var before = await bench.LinesAsync();
        bench.Store.Fail(write, persisted);
        var writes = bench.Store.Writes;
        try
        {
            await silo.ActAsync(Kind, Id, act == "make" ? 0 : 1, act == "remove" ? null : "second"u8.ToArray(), bench.Line(act), default);
            // A head that was written unheard is found by the log itself.
            Assert.Equal((3, true), (write, persisted));
        }
        catch (IOException)
        {
            Assert.Equal(write, bench.Store.Writes - writes);
        }
        return before;
    }

    private async Task AssertAsync(string act, IReadOnlyList<string> before, bool happened)
    {
        Assert.Equal([.. before, .. happened ? new[] { act } : []], await bench.LinesAsync());
        var row = await bench.Rows.ReadAsync(Kind, Id, default);
        var expected = (act, happened) switch { ("make", false) or ("remove", true) => null, (_, true) => "second", _ => "first" };
        Assert.Equal(expected, row is null ? null : Encoding.UTF8.GetString(row.Value.Span));
    }
}
