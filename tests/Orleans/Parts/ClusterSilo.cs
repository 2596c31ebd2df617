using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Orleans.Parts;

/// <summary>One silo of a <see cref="RunningCluster"/>: the real executable, with a state directory and ports it keeps when it is started again.</summary>
internal sealed class ClusterSilo : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    /// <summary>In which it gets ready or says why not.</summary>
    public TimeSpan ReadyWithin { get; set; } = Deadline;

    private readonly string folder;
    private readonly IReadOnlyList<string> settings;
    private readonly IReadOnlyDictionary<string, string> environment;
    private readonly List<string> said = [], everything = [];
    private Process? process;
    private Task listening = Task.CompletedTask;

    public ClusterSilo(string name, string folder, IReadOnlyList<string> settings, IReadOnlyDictionary<string, string> environment)
    {
        (Name, this.folder, this.settings, this.environment) = (name, folder, settings, environment);
        Directory.CreateDirectory(State, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        (SiloPort, DevicePort, OperatorPort) = (ServerProcess.FreePort(), ServerProcess.FreePort(), ServerProcess.FreePort());
    }

    public string Name { get; }

    /// <summary>Folder of another build of the silo than the tests' own; from its next start on.</summary>
    public string? Program { get; set; } = System.Environment.GetEnvironmentVariable("TRUSTMESH_SILO_BUILD");

    public string State => Path.Combine(folder, Name);

    public int SiloPort { get; }

    public int DevicePort { get; }

    public int OperatorPort { get; }

    /// <summary>What it is started with, but for the ready file: a silo of another process can take its place.</summary>
    public IReadOnlyList<string> Arguments => [.. Own, .. settings];

    public Uri Devices => new($"https://127.0.0.1:{DevicePort}");

    /// <summary>Nobody is signed in.</summary>
    public HttpClient Anyone { get; } = new() { Timeout = TimeSpan.FromSeconds(60) };

    public bool IsRunning => process is { HasExited: false };

    public int ExitCode => process!.ExitCode;

    public int Pid => process!.Id;

    /// <summary>Everything it said on standard error since its last start.</summary>
    public string Said
    {
        get { lock (said) return string.Join('\n', said); }
    }

    /// <summary>All it ever wrote to standard output and standard error.</summary>
    public string Everything
    {
        get { lock (said) return string.Join('\n', everything); }
    }

    /// <summary>Words before the program, such as those that put it into a network of its own.</summary>
    public IReadOnlyList<string> Before { get; init; } = [];

    /// <summary>Of this silo alone; wins over the cluster's.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>Starts it and waits until it listens, or ends.</summary>
    /// <param name="more">Options that win over the cluster's.</param>
    public async Task<bool> TryStartAsync(params string[] more)
    {
        process?.Dispose();
        lock (said) said.Clear();
        var ready = Path.Combine(folder, $"{Name}-{Guid.NewGuid():n}.json");
        string[] first = [.. Before, "dotnet"];
        var start = new ProcessStartInfo(first[0], first[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] program = ["exec", Path.Combine(Program ?? AppContext.BaseDirectory, "trustmesh-silo.dll"), .. Own, "--ready-file", ready];
        foreach (var argument in program.Concat(settings).Concat(more).Chunk(2).GroupBy(pair => pair[0]).SelectMany(pairs => pairs.Last())) start.ArgumentList.Add(argument);
        foreach (var (key, value) in environment.Concat(Variables)) start.Environment[key] = value;
        start.Environment["TRUSTMESH__Limits__DeviceRate"] = "100000";
        start.Environment["TRUSTMESH__Limits__EnrolmentRate"] = "100000";
        start.Environment["TRUSTMESH__Limits__PendingDevices"] = "100000";
        // Many of them share two cores here.
        start.Environment["DOTNET_gcServer"] = "0";
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Hear(line.Data, error: false);
        process.BeginOutputReadLine();
        listening = ListenAsync(process);
        using var limit = new CancellationTokenSource(ReadyWithin);
        var ended = process.WaitForExitAsync(limit.Token);
        while (!File.Exists(ready) && !ended.IsCompleted) await Task.WhenAny(ended, Task.Delay(50, limit.Token));
        Assert.False(limit.IsCancellationRequested, $"{Name} does not get ready: {Said}");
        if (!File.Exists(ready))
        {
            await listening;
            return false;
        }
        if (Anyone.BaseAddress is null) Anyone.BaseAddress = new($"http://127.0.0.1:{OperatorPort}/api/v1/");
        return true;
    }

    public async Task StartAsync(params string[] more) => Assert.True(await TryStartAsync(more), $"{Name} did not start: {Said}");

    /// <summary>A session of its first admin; good at every silo.</summary>
    public async Task<string> SignInAsync()
    {
        using var answer = await Anyone.PostAsJsonAsync("session", new SignIn((await File.ReadAllTextAsync(Path.Combine(State, "code"))).Trim()));
        return (await answer.Content.ReadFromJsonAsync<Session>())!.Token!;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP; <see cref="Resume"/> is SIGCONT.</summary>
    public void Pause() => ServerProcess.Signal(process!.Id, "STOP");

    public void Resume() => ServerProcess.Signal(process!.Id, "CONT");

    /// <summary>SIGTERM: it hands over and leaves.</summary>
    public async Task<int> LeaveAsync()
    {
        ServerProcess.Signal(process!.Id, "TERM");
        await process.WaitForExitAsync().WaitAsync(Deadline);
        return process.ExitCode;
    }

    /// <summary>Ends when it ended by itself.</summary>
    public Task EndedAsync() => process!.WaitForExitAsync().WaitAsync(Deadline);

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            Resume();
            await KillAsync();
        }
        await listening;
        process?.Dispose();
        Anyone.Dispose();
    }

    private string[] Own =>
    [
        "--state", State, "--mesh", "test-mesh", "--silo-name", Name, "--silo-listen", At(SiloPort),
        "--device-listen", At(DevicePort), "--operator-listen", At(OperatorPort), "--code-file", Path.Combine(State, "code"),
    ];

    private static string At(int port) => $"127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}";

    private async Task ListenAsync(Process one)
    {
        while (await one.StandardError.ReadLineAsync() is { } line) Hear(line, error: true);
    }

    private void Hear(string? line, bool error)
    {
        if (line is null) return;
        lock (said)
        {
            everything.Add(line);
            if (error) said.Add(line);
        }
    }
}
