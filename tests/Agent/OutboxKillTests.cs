using System.Diagnostics;

namespace TrustMesh.Tests.Agent;

/// <summary>A process that records verdicts and is killed with SIGKILL while it does, again and again on the same files.</summary>
public sealed class OutboxKillTests : IDisposable
{
    private const string PathVariable = "TRUSTMESH_TEST_OUTBOX";
    private readonly Folder folder = new();

    /// <summary>The child: records without end, and writes down each sequence once it was returned. Run by the test below alone.</summary>
    [Fact(Explicit = true)]
    public void Records_until_it_is_killed()
    {
        var path = Environment.GetEnvironmentVariable(PathVariable);
        Assert.SkipWhen(path is null, "it is the child process of another test");
        using var desk = new OutboxDesk(Path.Combine(path!, "state"), capacity: 2 << 20);
        using var returned = new FileStream(Path.Combine(path!, "returned"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, 0);
        while (true) returned.Write(BitConverter.GetBytes(desk.Record(padding: 200)));
    }

    [Fact]
    public async Task What_was_returned_survives_every_kill_once_and_in_order()
    {
        var random = new Random(20261126);
        var told = folder.Write("returned", "");
        long Told() => new FileInfo(told).Length / 8;
        for (var round = 0; round < 6; round++)
        {
            var before = Told();
            using var child = Start();
            await Eventually.TrueAsync(() => child.HasExited || Told() > before + 20, "the child's verdicts");
            Assert.False(child.HasExited, "the child ended by itself");
            await Task.Delay(random.Next(30), CancellationToken.None);
            child.Kill();
            await child.WaitForExitAsync();
        }
        var bytes = File.ReadAllBytes(told);
        var returned = Enumerable.Range(0, bytes.Length / 8).Select(i => BitConverter.ToInt64(bytes, i * 8)).ToList();
        Assert.Equal(returned.Distinct().Order(), returned);

        using var desk = new OutboxDesk(folder["state"], capacity: 2 << 20);
        var delivered = desk.Deliver();
        // Without gap from the oldest that had room to the last, and the dropped ones are exactly those before it.
        Assert.Equal(Enumerable.Range(0, delivered.Count).Select(i => delivered[0] + i), delivered);
        Assert.Equal(delivered[0] - 1, desk.Box.Dropped);
        Assert.True(delivered[^1] - returned[^1] is 0 or 1, $"returned up to {returned[^1]}, delivered up to {delivered[^1]}");
        Assert.Equal(delivered[^1] + 1, desk.Record());
    }

    public void Dispose() => folder.Dispose();

    private Process Start()
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "TrustMesh.Tests"), ["-noLogo", "-noColor", "-explicit", "only", "-method", $"{typeof(OutboxKillTests).FullName}.{nameof(Records_until_it_is_killed)}"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment[PathVariable] = folder.FullPath;
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var child = Process.Start(start)!;
        child.OutputDataReceived += (_, _) => { };
        child.ErrorDataReceived += (_, _) => { };
        child.BeginOutputReadLine();
        child.BeginErrorReadLine();
        return child;
    }
}
