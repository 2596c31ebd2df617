using TrustMesh.Trust.Log;

namespace TrustMesh.Tests.Trust.Log;

/// <summary>
/// The fault table: every write of an append fails, once before it was written and once after. What was acknowledged is in the log, what was not may
/// be; a repeat gets it there; and every head goes on from the one before.
/// </summary>
public sealed class LogWriterFaultTests : IAsyncDisposable
{
    /// <summary>An append of 300 lines to a log of 65,400 fills a bundle and tiles of two levels: four writes, the last of the head.</summary>
    private const int Before = 65_400, Appended = 300, Writes = 4;

    private readonly LogBench bench = new();

    public static TheoryData<int, bool> Faults()
    {
        var table = new TheoryData<int, bool>();
        for (var write = 1; write <= Writes; write++)
        {
            table.Add(write, false);
            table.Add(write, true);
        }
        return table;
    }

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_failed_write_loses_nothing_that_was_acknowledged(int write, bool persisted)
    {
        var writer = await bench.OpenAsync();
        for (var at = 0; at < Before; at += 4088) await writer.AppendAsync(LogBench.Lines(at, Math.Min(4088, Before - at)), default);
        Assert.Equal(Before, (await bench.WalkAsync()).Count);
        var lines = LogBench.Lines(Before, Appended);

        bench.Store.Fail(write, persisted);
        var writes = bench.Store.Writes;
        var failed = await FailsAsync(() => writer.AppendAsync(lines, default));

        var texts = await bench.WalkAsync();
        // Only of the head the outcome matters: whatever was staged for one that was not written belongs to nobody.
        var isHead = bench.Store.Writes - writes == Writes;
        Assert.Equal(write == Writes, isHead);
        Assert.Equal(!(isHead && persisted), failed);
        Assert.Equal(failed ? Before : Before + Appended, texts.Count);

        if (failed) await writer.AppendAsync(lines, default);
        await writer.AppendAsync(LogBench.Lines(70_000, 1), default);
        texts = await bench.WalkAsync();
        Assert.Equal([.. lines.Select(line => line.Text), "line 70000"], texts.Skip(Before));
    }

    [Fact]
    public async Task A_kill_between_rows_and_head_leaves_the_log_as_it_was()
    {
        var writer = await bench.OpenAsync();
        await writer.AppendAsync(LogBench.Lines(0, 250), default);
        bench.Store.Fail(3, afterWriting: false);
        Assert.True(await FailsAsync(() => writer.AppendAsync(LogBench.Lines(250, 10), default)));
        Assert.Equal(250, (await bench.WalkAsync()).Count);
        // The next process: it may have other lines for the same places, and the same ones once more.
        var second = await bench.OpenAsync();
        await second.AppendAsync(LogBench.Lines(500, 10), default);
        await second.AppendAsync(LogBench.Lines(250, 10), default);
        Assert.Equal(270, (await bench.WalkAsync()).Count);
    }

    [Fact]
    public async Task A_head_that_was_written_unheard_and_built_upon_still_counts()
    {
        var (writer, other) = (await bench.OpenAsync(), new LogWriter(bench.Authority, 0, bench.Rows, bench.Time));
        await writer.AppendAsync(LogBench.Lines(0, 1), default);
        bench.Store.Fail(1, afterWriting: true);
        bench.Store.AfterFailure = () => other.AppendAsync(LogBench.Lines(100, 600), default);
        await writer.AppendAsync(LogBench.Lines(1, 1), default);
        var texts = await bench.WalkAsync();
        Assert.Equal(602, texts.Count);
        Assert.Single(texts, "line 1");
    }

    private static async Task<bool> FailsAsync(Func<Task> act)
    {
        try
        {
            await act();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
