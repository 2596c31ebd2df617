using TrustMesh.Agent.Files;
using TrustMesh.Agent.Measuring;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Agent;

public sealed class LogFileTests : IDisposable
{
    private readonly Folder folder = new();
    private readonly byte[][] entries = [.. Enumerable.Range(0, 5).Select(i => new LogEntry(i, LogEntryKind.File, $"/file{i}", new byte[32]).Encode())];

    [Fact]
    public void Gives_back_what_was_appended()
    {
        Write(entries);
        using var state = StateDirectory.Open(folder.FullPath);
        using var log = LogFile.Open(state, 9, out var read, out var cut);
        Assert.Equal(9u, log!.Boot);
        Assert.Equal(entries, read);
        Assert.Equal(0, cut);
    }

    /// <summary>Every length a power cut can leave: whole records stay, the torn one goes, and the log can be continued.</summary>
    [Fact]
    public void Keeps_the_whole_records_of_a_file_cut_at_any_offset()
    {
        Write(entries);
        var whole = File.ReadAllBytes(folder[LogFile.Name]);
        var ends = new List<int> { 16 };
        foreach (var entry in entries) ends.Add(ends[^1] + 2 + entry.Length + 4);
        for (var length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(folder[LogFile.Name], whole[..length]);
            using var state = StateDirectory.Open(folder.FullPath);
            using var log = LogFile.Open(state, 9, out var read, out var cut);
            if (length < 16)
            {
                Assert.Null(log);
                continue;
            }
            var kept = ends.Count(end => end <= length) - 1;
            Assert.Equal(entries[..kept], read);
            Assert.Equal(length - ends[kept], cut);
            log!.Append([entries[kept < 5 ? kept : 0]]);
            Assert.Equal(ends[kept] + 2 + entries[kept < 5 ? kept : 0].Length + 4, new FileInfo(folder[LogFile.Name]).Length);
        }
    }

    [Fact]
    public void Drops_a_tail_of_zeros_that_a_file_system_left_after_a_power_cut()
    {
        Write(entries);
        File.AppendAllText(folder[LogFile.Name], new string('\0', 100));
        using var state = StateDirectory.Open(folder.FullPath);
        using var log = LogFile.Open(state, 9, out var read, out var cut);
        Assert.Equal(entries, read);
        Assert.Equal(100, cut);
    }

    [Fact]
    public void Ends_at_a_record_with_a_flipped_bit_and_never_reads_past_it()
    {
        Write(entries);
        var whole = File.ReadAllBytes(folder[LogFile.Name]);
        for (var at = 16; at < whole.Length; at++)
        {
            var flipped = (byte[])whole.Clone();
            flipped[at] ^= 0x10;
            File.WriteAllBytes(folder[LogFile.Name], flipped);
            using var state = StateDirectory.Open(folder.FullPath);
            using var log = LogFile.Open(state, 9, out var read, out var cut);
            Assert.True(read.Count < entries.Length && cut > 0, $"offset {at}");
            Assert.Equal(entries[..read.Count], read);
        }
    }

    [Fact]
    public void Is_not_the_log_of_another_boot()
    {
        Write(entries);
        using var state = StateDirectory.Open(folder.FullPath);
        Assert.Null(LogFile.Open(state, 10, out _, out _));
    }

    public void Dispose() => folder.Dispose();

    private void Write(IReadOnlyList<byte[]> content)
    {
        using var state = StateDirectory.Open(folder.FullPath);
        using var log = LogFile.Create(state, 9);
        log.Append([.. content.Take(2)]);
        log.Append([.. content.Skip(2)]);
    }
}
