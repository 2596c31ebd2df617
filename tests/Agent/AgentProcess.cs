using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace TrustMesh.Tests.Agent;

/// <summary>The agent as it is shipped: a process of its own, with a configuration file, a state directory and a measured directory.</summary>
public sealed class AgentProcess : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> lines = new();
    private Process? process;

    /// <param name="more">Further settings, beginning with a comma.</param>
    public AgentProcess(Folder folder, Uri silo, string rootJson, string? token, string more = "", string name = "press-1")
    {
        Folder = folder;
        Directory.CreateDirectory(folder["measured"]);
        if (token is not null) folder.Write("token", token);
        ConfigFile = folder.Write("agent.json", $$"""
            {"name": "{{name}}", "site": "oslo", "model": "press", "state": "state", "silo": "{{silo.GetLeftPart(UriPartial.Authority)}}", "joinTokenFile": "token",
             "root": {{rootJson}}, "measure": [{"root": "measured", "files": ["**"]}]{{more}}}
            """);
    }

    public const string Software = """{"kind": "software"}""";

    public Folder Folder { get; }

    public string ConfigFile { get; }

    public string State => Folder["state"];

    /// <summary>Everything the agent said on both outputs.</summary>
    public IReadOnlyCollection<string> Lines => lines;

    public int Id => process!.Id;

    public bool Ended => process!.HasExited;

    public static string Tpm(string address) => $$"""{"kind": "tpm", "tpm": "{{address}}"}""";

    public void Start(params string[] more)
    {
        process = Begin(["run", "--config", ConfigFile, .. more]);
        process.OutputDataReceived += Collect;
        process.ErrorDataReceived += Collect;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Runs another command of the agent to its end.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var command = Begin(arguments);
        var output = command.StandardOutput.ReadToEndAsync();
        var error = command.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Eventually.Deadline);
        await command.WaitForExitAsync(limit.Token);
        return (command.ExitCode, await output, await error);
    }

    public async Task<JsonElement> StatusAsync()
    {
        var (_, output, error) = await RunAsync("status", "--config", ConfigFile, "--json");
        Assert.False(string.IsNullOrWhiteSpace(output), error);
        return JsonDocument.Parse(output).RootElement.Clone();
    }

    /// <summary>SIGTERM, as systemd stops it; the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{Id}"])) await kill.WaitForExitAsync();
        return await EndAsync();
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await EndAsync();
    }

    /// <summary>The exit code, once it ended.</summary>
    public async Task<int> EndAsync()
    {
        using var limit = new CancellationTokenSource(Eventually.Deadline);
        await process!.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is null) return;
        if (!process.HasExited) await KillAsync();
        process.Dispose();
        foreach (var line in lines) TestContext.Current.TestOutputHelper?.WriteLine(line);
    }

    private void Collect(object sender, DataReceivedEventArgs data)
    {
        if (data.Data is { } line) lines.Enqueue(line);
    }

    private static Process Begin(IEnumerable<string> arguments) => Process.Start(StartInfo([.. arguments]))!;

    /// <summary>A process of the agent that is not started yet.</summary>
    public static ProcessStartInfo StartInfo(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "trustmesh-agent"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("JOURNAL_STREAM");
        start.Environment.Remove("NOTIFY_SOCKET");
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return start;
    }
}
