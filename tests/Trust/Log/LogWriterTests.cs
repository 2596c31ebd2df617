using TrustMesh.Trust.Log;
using TrustMesh.Trust.Records;
using TrustMesh.Wire;
using TrustMesh.Wire.Log;
using TrustMesh.Wire.Merkle;

namespace TrustMesh.Tests.Trust.Log;

public sealed class LogWriterTests : IAsyncDisposable
{
    private readonly LogBench bench = new();

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    [Fact]
    public async Task A_new_log_is_empty_and_signed()
    {
        await bench.OpenAsync();
        Assert.Empty(await bench.WalkAsync());
        Assert.Equal(0, (await bench.Reader.HeadAsync(default))!.Size);
    }

    [Fact]
    public async Task What_was_appended_is_there_in_order_after_every_size()
    {
        var writer = await bench.OpenAsync();
        var written = new List<string>();
        foreach (var count in (int[])[1, 1, 253, 1, 1, 255, 256, 300, 1024])
        {
            var lines = LogBench.Lines(written.Count, count);
            await writer.AppendAsync(lines, default);
            written.AddRange(lines.Select(line => line.Text));
            Assert.Equal(written, await bench.WalkAsync());
        }
    }

    [Fact]
    public async Task A_log_with_a_third_level_of_tiles_is_whole()
    {
        var writer = await bench.OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 17).Select(i => writer.AppendAsync(LogBench.Lines(i * 4096, 4096), default)));
        Assert.Equal(17 * 4096, (await bench.WalkAsync()).Count);
        var head = (await bench.Reader.HeadAsync(default))!;
        foreach (var tile in LogTile.Hashes(head.Size)) Assert.NotNull(await bench.Reader.TileAsync(head, tile, default));
        Assert.Contains(LogTile.Hashes(head.Size), tile => tile.Level == 2);
        var entries = await bench.Reader.EntriesAsync(head, 65_530, 12, default);
        var leaf = new byte[32];
        MerkleTree.HashLeaf(entries[3].Span, leaf);
        var path = await bench.Reader.HashesAsync(head, LogProof.Inclusion(65_533, head.Size), default);
        Assert.True(MerkleTree.Includes(head.Checkpoint.Root.Span, leaf, 65_533, head.Size, path));
    }

    [Fact]
    public async Task Many_callers_share_a_head_and_each_is_in_the_log_when_it_is_answered()
    {
        var writer = await bench.OpenAsync();
        var held = new TaskCompletionSource();
        bench.Store.Held = held.Task;
        var first = writer.AppendAsync(LogBench.Lines(0, 1), default);
        var others = Enumerable.Range(1, 400).Select(i => writer.AppendAsync(LogBench.Lines(i, 1), default)).ToList();
        Assert.False(first.IsCompleted);
        var before = bench.Store.Writes;
        held.SetResult();
        await Task.WhenAll([first, .. others]);
        Assert.Equal(401, (await bench.WalkAsync()).Distinct().Count());
        // One head for the first, one for all who came meanwhile, and the full tile with its bundle.
        Assert.InRange(bench.Store.Writes - before, 2, 6);
    }

    [Fact]
    public async Task Two_writers_at_once_lose_nothing()
    {
        await bench.OpenAsync();
        var writers = (LogWriter[])[bench.NewWriter(), bench.NewWriter(), bench.NewWriter()];
        await Task.WhenAll(Enumerable.Range(0, 600).Select(i => Task.Run(() => writers[i % writers.Length].AppendAsync(LogBench.Lines(i, 1), default))));
        var texts = await bench.WalkAsync();
        Assert.Equal(600, texts.Count);
        Assert.Equal(600, texts.Distinct().Count());
    }

    [Fact]
    public async Task The_slower_of_two_writers_appends_behind_and_what_it_staged_harms_nothing()
    {
        var (fast, slow) = (await bench.OpenAsync(), bench.NewWriter());
        await fast.AppendAsync(LogBench.Lines(0, 255), default);
        await slow.OpenAsync(false, default);
        // Both fill the first tile, with different entries; the other is done while this one is between its rows and its head.
        bench.Store.Meanwhile = () => fast.AppendAsync(LogBench.Lines(1000, 10), default);
        await slow.AppendAsync(LogBench.Lines(2000, 10), default);
        var texts = await bench.WalkAsync();
        Assert.Equal([.. Texts(0, 255), .. Texts(1000, 10), .. Texts(2000, 10)], texts);
    }

    [Fact]
    public async Task A_writer_that_starts_anew_goes_on_from_the_head()
    {
        await (await bench.OpenAsync()).AppendAsync(LogBench.Lines(0, 300), default);
        await (await bench.OpenAsync()).AppendAsync(LogBench.Lines(300, 300), default);
        Assert.Equal(Texts(0, 600), await bench.WalkAsync());
    }

    [Fact]
    public async Task A_log_whose_head_is_gone_is_not_begun_a_second_time()
    {
        await LogShards.FixAsync(bench.Authority, bench.Rows, 1, bench.Time, default);
        await bench.NewWriter().AppendAsync(LogBench.Lines(0, 3), default);
        await bench.Rows.DeleteAsync("log-head", "0", 2, default);
        await Assert.ThrowsAsync<InvalidDataException>(() => LogShards.FixAsync(bench.Authority, bench.Rows, 1, bench.Time, default));
        await Assert.ThrowsAsync<IOException>(() => bench.NewWriter().AppendAsync(LogBench.Lines(3, 1), default));
    }

    [Fact]
    public async Task A_head_that_another_key_signed_is_not_continued()
    {
        await bench.OpenAsync();
        using var foreign = TwinBench.NewKey();
        var other = new LogWriter(new(foreign, "mesh", bench.Time), 0, bench.Rows, bench.Time);
        Assert.Contains("log.signature", (await Assert.ThrowsAsync<InvalidDataException>(() => other.OpenAsync(false, default))).Message);
    }

    [Fact]
    public async Task A_head_whose_hashes_were_changed_is_not_continued()
    {
        await (await bench.OpenAsync()).AppendAsync(LogBench.Lines(0, 3), default);
        var row = (await bench.Rows.ReadAsync("log-head", "0", default))!;
        var version = row.Version;
        for (var at = 0; at < row.Value.Length; at++)
        {
            var changed = row.Value.ToArray();
            changed[at] ^= 0x20;
            await bench.Rows.WriteAsync("log-head", "0", version++, changed, default);
            await Assert.ThrowsAsync<UnreadableRecordException>(() => bench.NewWriter().OpenAsync(false, default));
            // The time it was signed is for people only.
            if (at == 0) at = row.Value.Span.IndexOf("device-1"u8) - 52;
        }
    }

    [Fact]
    public async Task Lines_that_are_to_be_there_once_are_whoever_appends_them_and_however_often()
    {
        var (writer, other) = (await bench.OpenAsync(), bench.NewWriter());
        await writer.AppendAsync(LogBench.Lines(0, 300), default);
        IReadOnlyList<LogLine> act = [.. LogBench.Lines(1000, 2).Select(line => line with { Since = 300 })], later = [.. act.Select(line => line with { Since = 602 })];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? writer : other).AppendAsync(act, default)).Append(writer.AppendAsync(LogBench.Lines(300, 300), default)));
        await bench.NewWriter().AppendAsync(act, default);
        Assert.Equal([.. Texts(0, 600), .. Texts(1000, 2)], (await bench.WalkAsync()).Order(StringComparer.Ordinal).OrderBy(text => text.Length));
        // The same words of a later act are another line: they are looked for from where the log ended before it.
        await writer.AppendAsync(later, default);
        await writer.AppendAsync(later, default);
        Assert.Equal(604, (await bench.WalkAsync()).Count);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Lines_that_are_to_be_there_once_are_after_a_head_was_written_unheard(bool persisted)
    {
        var writer = await bench.OpenAsync();
        bench.Store.Fail(1, persisted);
        IReadOnlyList<LogLine> act = [LogBench.Lines(0, 1)[0] with { Since = 0 }];
        if (persisted) await writer.AppendAsync(act, default);
        else await Assert.ThrowsAsync<IOException>(() => writer.AppendAsync(act, default));
        await writer.AppendAsync(act, default);
        Assert.Equal(Texts(0, 1), await bench.WalkAsync());
    }

    [Fact]
    public async Task How_many_logs_there_are_is_fixed_once()
    {
        var counts = await Task.WhenAll(Enumerable.Range(1, 6).Select(wanted => LogShards.FixAsync(bench.Authority, bench.Rows, wanted, bench.Time, default)));
        var count = Assert.Single(counts.Distinct());
        Assert.Equal(count, await LogShards.FixAsync(bench.Authority, bench.Rows, 200, bench.Time, default));
        for (var number = 0; number < count; number++) Assert.Equal($"mesh/log/{number}", (await new LogReader(number, bench.Rows).HeadAsync(default))!.Checkpoint.Origin);
    }

    [Fact]
    public async Task Lines_of_a_device_go_to_one_log_and_those_of_the_mesh_to_the_first()
    {
        var logs = (HeardLog[])[new(), new(), new(), new()];
        var sharded = new ShardedLog(logs, TimeProvider.System);
        var devices = Enumerable.Range(0, 64).Select(i => DeviceId.FromRootKey([(byte)i])).ToList();
        var lines = devices.SelectMany(device => LogBench.Lines(0, 3).Select(line => line with { Device = device })).Append(LogBench.Lines(9, 1)[0] with { Device = null, Name = "" }).ToList();
        await sharded.AppendAsync(lines, default);
        Assert.Equal(lines.Count, logs.Sum(log => log.Lines.Count));
        for (var i = 0; i < logs.Length; i++) Assert.All(logs[i].Lines, line => Assert.Equal(LogShards.Of(line.Device, 4), i));
        Assert.All(logs, log => Assert.NotEmpty(log.Lines));
        foreach (var device in devices) Assert.Equal([0, 1, 2], logs[LogShards.Of(device, 4)].Lines.Where(line => line.Device == device).Select(line => line.Version));
    }

    [Fact]
    public async Task A42_A_log_that_does_not_answer_has_a_limit_on_who_waits()
    {
        var writer = await bench.OpenAsync();
        var held = new TaskCompletionSource();
        bench.Store.Held = held.Task;
        var tasks = new List<Task>();
        var refused = await Assert.ThrowsAsync<IOException>(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                tasks.Add(writer.AppendAsync(LogBench.Lines(i, 4096), default));
                await Task.Yield();
            }
        });
        Assert.Contains("wait for the log", refused.Message);
        Assert.Throws<ArgumentException>(() => { _ = writer.AppendAsync(LogBench.Lines(0, 4097), default); });
        held.SetResult();
        await Task.WhenAll(tasks);
        Assert.Equal(tasks.Count * 4096, (await bench.WalkAsync()).Count);
    }

    [Fact]
    public void Owed_lines_are_kept_as_they_are()
    {
        var lines = LogBench.Lines(0, 3);
        Assert.Equal(lines, LogLines.Unpack(LogLines.Pack(lines)));
        Assert.Empty(LogLines.Unpack(default));
        Assert.Throws<WireException>(() => LogLines.Unpack(LogLines.Pack(lines).AsMemory(..^1)));
    }

    private static IEnumerable<string> Texts(int from, int count) => LogBench.Lines(from, count).Select(line => line.Text);
}
