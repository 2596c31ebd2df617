using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using TrustMesh.Agent.Configuration;
using TrustMesh.Agent.Files;
using TrustMesh.Agent.Measuring;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Agent;

/// <summary>What the kernel tells and what the log then says. The rescan is an hour away: whatever is seen here was seen by notification.</summary>
public sealed class MeasurerTests : IAsyncLifetime
{
    private readonly Folder folder = new(), stateFolder = new();
    private readonly RegisterRoot root = new();
    private readonly CancellationTokenSource stop = new();
    private StateDirectory? state;
    private Attester? attester;
    private Measurer? measurer;
    private Task running = Task.CompletedTask;
    private int changes;

    [Fact]
    public async Task Sees_a_write_in_place()
    {
        folder.Write("etc/a.conf", "one");
        Start("etc/*.conf");
        folder.Write("etc/a.conf", "two");
        await ContentAsync("/etc/a.conf", "two");
        Assert.True(changes > 0);
    }

    [Fact]
    public async Task Sees_a_write_through_a_descriptor_that_stays_open()
    {
        folder.Write("etc/a.conf", "one");
        await using var open = new FileStream(folder["etc/a.conf"], FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        Start("etc/*.conf");
        open.Write("TWO"u8);
        open.Flush();
        await ContentAsync("/etc/a.conf", "TWO");
    }

    [Fact]
    public async Task Sees_a_file_renamed_over_the_measured_one()
    {
        folder.Write("etc/a.conf", "one");
        folder.Write("elsewhere/new", "two");
        Start("etc/*.conf");
        File.Move(folder["elsewhere/new"], folder["etc/a.conf"], overwrite: true);
        await ContentAsync("/etc/a.conf", "two");
    }

    [Fact]
    public async Task Sees_what_an_editor_does()
    {
        folder.Write("etc/a.conf", "one");
        Start("etc/a.conf");
        folder.Write("etc/.a.conf.swp", "swap");
        File.Move(folder["etc/a.conf"], folder["etc/a.conf~"]);
        folder.Write("etc/a.conf", "two");
        File.Delete(folder["etc/a.conf~"]);
        await ContentAsync("/etc/a.conf", "two");
    }

    [Fact]
    public async Task Sees_a_deleted_and_a_new_file()
    {
        folder.Write("etc/a.conf", "one");
        Start("etc/*.conf");
        File.Delete(folder["etc/a.conf"]);
        await UntilAsync("/etc/a.conf", reading => reading.Kind == LogEntryKind.Absent);
        folder.Write("etc/b.conf", "new");
        await ContentAsync("/etc/b.conf", "new");
    }

    [Fact]
    public async Task Sees_files_in_directories_made_later()
    {
        Start("app/**");
        folder.Write("app/deep/er/file", "x");
        await ContentAsync("/app/deep/er/file", "x");
        folder.Write("app/deep/er/file", "y");
        await ContentAsync("/app/deep/er/file", "y");
    }

    [Fact]
    public async Task Sees_a_whole_directory_exchanged_by_rename()
    {
        folder.Write("app/file", "good");
        folder.Write("other/file", "evil");
        Start("app/**");
        Directory.Move(folder["app"], folder["old"]);
        Directory.Move(folder["other"], folder["app"]);
        await ContentAsync("/app/file", "evil");
        folder.Write("app/file", "more evil");
        await ContentAsync("/app/file", "more evil");
    }

    [Fact]
    public async Task Sees_a_file_replaced_by_a_symlink_to_the_same_content()
    {
        folder.Write("etc/a.conf", "one");
        folder.Write("elsewhere/copy", "one");
        Start("etc/*.conf");
        File.Delete(folder["etc/a.conf"]);
        File.CreateSymbolicLink(folder["etc/a.conf"], folder["elsewhere/copy"]);
        await UntilAsync("/etc/a.conf", reading => reading.Kind == LogEntryKind.Event);
    }

    [Fact]
    public async Task A_flapping_file_does_not_fill_the_log_and_its_last_state_counts()
    {
        folder.Write("etc/a.conf", "start");
        Start("etc/a.conf");
        for (var i = 0; i < 400; i++) folder.Write("etc/a.conf", $"{i}");
        folder.Write("etc/a.conf", "end");
        measurer!.Settle();
        Assert.True(Last("/etc/a.conf").SameAs(Content("end")), "what is held back is measured before a proof");
        Assert.InRange(attester!.Entries, 2, 60);
        await Task.CompletedTask;
    }

    [Fact]
    public void A_file_that_went_away_while_no_agent_ran_is_absent_at_the_next_start()
    {
        folder.Write("etc/a.conf", "one");
        Start("etc/*.conf");
        Stop();
        File.Delete(folder["etc/a.conf"]);
        Start("etc/*.conf");
        Assert.Equal(LogEntryKind.Absent, Last("/etc/a.conf").Kind);
    }

    [Fact]
    public void A_file_no_longer_measured_does_not_keep_its_good_name()
    {
        folder.Write("etc/a.conf", "one");
        Start("etc/*.conf");
        Stop();
        Start("etc/b.conf");
        Assert.Equal(LogEntryKind.Event, Last("/etc/a.conf").Kind);
    }

    [Fact]
    public void Spacing_doubles_while_a_file_flaps_and_is_short_again_after_quiet()
    {
        var flaps = new Flapping();
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.True(flaps.NextAt <= now);
        flaps.Changed(now);
        Assert.Equal(Flapping.Shortest, flaps.NextAt - now);
        for (var i = 0; i < 20; i++) flaps.Changed(now = flaps.NextAt);
        Assert.Equal(Flapping.Longest, flaps.NextAt - now);
        flaps.Changed(now += TimeSpan.FromMinutes(10));
        Assert.Equal(Flapping.Shortest, flaps.NextAt - now);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        Stop();
        folder.Dispose();
        stateFolder.Dispose();
        stop.Dispose();
    }

    private void Start(params string[] globs)
    {
        state = StateDirectory.Open(stateFolder.FullPath);
        attester = new(root, state);
        measurer = new([new MeasureConfig(folder.FullPath, "", globs)], TimeSpan.FromHours(1), attester, TimeProvider.System, NullLogger.Instance);
        measurer.Settle();
        running = measurer.RunAsync(() => Interlocked.Increment(ref changes), stop.Token);
    }

    private void Stop()
    {
        measurer?.Dispose();
        attester?.Dispose();
        state?.Dispose();
    }

    private static Reading Content(string text) => Reading.File(SHA256.HashData(Encoding.UTF8.GetBytes(text)), settled: true);

    private Reading Last(string name) => attester!.Last(name) ?? Reading.Absent;

    private Task ContentAsync(string name, string text) => UntilAsync(name, reading => reading.SameAs(Content(text)));

    private Task UntilAsync(string name, Func<Reading, bool> is_) => Eventually.TrueAsync(() => attester!.Last(name) is { } reading && is_(reading), $"{name} to be measured");
}
