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
    private readonly List<(string Beginning, TaskCompletionSource Came)> awaited = [];

    private RunningDemo(string state, IReadOnlyList<string> arguments)
    {
        State = state;
        string[] command = [Program, "demo", "run", "--state", state, "--timeout", "100s", .. arguments.Where(one => one != OnATerminal)];
        if (arguments.Contains(OnATerminal)) command = ["script", "-qefc", string.Join(' ', command.Select(word => $"'{word}'")), "/dev/null"];
        process = new Process { StartInfo = new(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true } };
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Ended = process.WaitForExitAsync();
    }

    public static string Program => Path.Combine(Repository.Root, "silo", "Cli", "bin", Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/'))!), "net10.0", "trustmesh");

    /// <summary>Among the arguments: the demo gets a terminal.</summary>
    public const string OnATerminal = "on-a-terminal";

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
        await demo.SaidAsync("Ctrl-C ends everything");
        var sessions = new SessionFile(Path.Combine(state, "token.json")).Read();
        var silo = SiloAddresses.Parse(sessions.Last!);
        demo.Api = new SiloApi(silo, sessions.Silos[sessions.Last!].Token, new SocketsHttpHandler());
        return demo;
    }

    /// <summary>Waits, by the live feed, until a device looks like this; its page then.</summary>
    public async Task<DeviceDetail> UntilLooksAsync(string name, string look)
    {
        await UntilAsync(name, device => device.Look == look);
        return await Api.DeviceAsync(name, CancellationToken.None);
    }

    /// <summary>Waits, by the live feed, until a device is as asked.</summary>
    public async Task UntilAsync(string name, Func<GraphNode, bool> isSo)
    {
        using var limit = new CancellationTokenSource(Patience);
        var graph = new GraphWatch(Api, new EventStream(Api, TimeProvider.System), TimeProvider.System, _ => { });
        await graph.UntilAsync(() => graph.Devices.Any(device => device.Name == name && isSo(device)), limit.Token);
    }

    /// <summary>Presses keys on its terminal, and waits for a line that begins like this.</summary>
    public async Task TypeAsync(string keys, string line)
    {
        var came = Awaited(line, alsoEarlier: false);
        await process.StandardInput.WriteAsync(keys);
        await process.StandardInput.FlushAsync();
        await came.WaitAsync(Patience);
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

    /// <summary>Waits for a line that begins like this; fails if it ends before.</summary>
    public async Task SaidAsync(string line)
    {
        var came = Awaited(line, alsoEarlier: true);
        await Task.WhenAny(came, Ended).WaitAsync(Patience);
        Assert.True(came.IsCompleted, Said);
    }

    private Task Awaited(string line, bool alsoEarlier)
    {
        var came = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (said)
            if (alsoEarlier && said.Any(one => one.StartsWith(line, StringComparison.Ordinal))) came.SetResult();
            else awaited.Add((line, came));
        return came.Task;
    }

    private void Hear(string? line)
    {
        if (line is null) return;
        lock (said)
        {
            said.Add(line);
            foreach (var (beginning, came) in awaited)
                if (line.StartsWith(beginning, StringComparison.Ordinal)) came.TrySetResult();
        }
    }
}
