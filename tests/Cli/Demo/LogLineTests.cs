using TrustMesh.Cli.Demo;

namespace TrustMesh.Tests.Cli.Demo;

public sealed class LogLineTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-log-").FullName;

    private string Log => Path.Combine(folder, "some.log");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task What_was_said_before_does_not_count_and_what_is_said_in_parts_does()
    {
        await File.WriteAllTextAsync(Log, "it is ready\n");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var ready = new LogLine(Log).SaysAsync("is ready", limit.Token);
        await File.AppendAllTextAsync(Log, "it is re");
        Assert.False(ready.IsCompleted);
        await File.AppendAllTextAsync(Log, "ady\n");
        await ready;
    }

    [Fact]
    public async Task A_log_that_is_made_later_is_read()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var ready = new LogLine(Log).SaysAsync("is ready", limit.Token);
        await File.WriteAllTextAsync(Log, "it is ready\n");
        await ready;
    }

    [Fact]
    public async Task A_program_that_never_says_it_is_waited_for_no_longer_than_wanted()
    {
        using var limit = new CancellationTokenSource();
        var ready = new LogLine(Log).SaysAsync("is ready", limit.Token);
        await limit.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ready);
    }
}
