using System.Diagnostics;
using TrustMesh.Cli.Api;
using TrustMesh.Cli.Demo;
using TrustMesh.Contracts;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.EndToEnd;

/// <summary>The demo as a process of its own, from the programs that were built, and a session with its silo.</summary>
internal sealed class RunningDemo : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process process;
    private readonly List<string> said = [];
    private readonly TaskCompletionSource up = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunningDemo(string state, IEnumerable<string> arguments)
    {
        State = state;
        process = new Process { StartInfo = new(Program, ["demo", "run", "--state", state, "--timeout", "100s", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true } };
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Ended = process.WaitForExitAsync();
    }

    public static string Program => Path.Combine(Repository.Root, "silo", "Cli", "bin", Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/'))!), "net10.0", "trustmesh");

    public string State { get; }

    public int Id => process.Id;

    public Task Ended { get; }

    public int ExitCode => process.ExitCode;

    /// <summary>Everything it printed, for failures.</summary>
    public string Said
    {
        get
        {
            lock (said) return string.Join('\n', said);
        }
    }

    /// <summary>Signed in as admin, once it is up.</summary>
    public SiloApi Api { get; private set; } = null!;

    public static void Needs()
    {
        foreach (var tool in (string[])["swtpm", "swtpm_setup", "swtpm_localca", "setsid", "setpriv"])
            Assert.SkipUnless(Command.Exists(tool), $"{tool} is not installed (apt-get install swtpm swtpm-tools util-linux)");
        Assert.SkipUnless(File.Exists(Program), $"{Program} is not built");
    }

    /// <summary>Started, and every device trusted.</summary>
    public static async Task<RunningDemo> UpAsync(string state, params string[] arguments)
    {
        var demo = new RunningDemo(state, ["--port", "0", .. arguments]);
        await Task.WhenAny(demo.up.Task, demo.Ended).WaitAsync(Patience);
        Assert.True(demo.up.Task.IsCompleted, demo.Said);
        var sessions = new SessionFile(Path.Combine(state, "token.json")).Read();
        var silo = new Uri(sessions.Last!);
        demo.Api = new SiloApi(silo, sessions.Silos[sessions.Last!].Token, new SocketsHttpHandler());
        return demo;
    }

    /// <summary>Waits, by the live feed, until a device looks like this; its page then.</summary>
    public async Task<DeviceDetail> UntilLooksAsync(string name, string look)
    {
        using var limit = new CancellationTokenSource(Patience);
        var graph = new GraphWatch(Api, new EventStream(Api, TimeProvider.System), _ => { });
        await graph.UntilAsync(() => graph.Devices.Any(device => device.Name == name && device.Look == look), limit.Token);
        return await Api.DeviceAsync(name, limit.Token);
    }

    public void Signal(string signal, int? id = null) => Command.Run("/", "kill", "-" + signal, $"{id ?? Id}");

    public async Task EndAsync(string signal)
    {
        Signal(signal);
        await Ended.WaitAsync(Patience);
    }

    /// <summary>What still runs of this demo, other than the demo itself: every process whose arguments name its folder.</summary>
    public static IReadOnlyList<string> Left(string state) => [.. IdsOf(state).Select(ArgumentsOf).Where(arguments => arguments.Length > 0)];

    /// <inheritdoc cref="Left"/>
    public static IReadOnlyList<int> IdsOf(string state)
        => [.. Directory.EnumerateDirectories("/proc").Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id > 0 && ArgumentsOf(id) is var arguments && arguments.Contains(state, StringComparison.Ordinal) && !arguments.Contains("demo run", StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        if (!process.HasExited) await EndAsync("TERM");
        process.Dispose();
    }

    private static string ArgumentsOf(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            // It ended between the listing and the reading.
            return "";
        }
    }

    private void Hear(string? line)
    {
        if (line is null) return;
        lock (said) said.Add(line);
        if (line.StartsWith("Ctrl-C ends everything", StringComparison.Ordinal)) up.TrySetResult();
    }
}
