using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace TrustMesh.Bench;

/// <summary>
/// A whole mesh of real processes: <c>trustmesh demo run</c> as a child, one device with a TPM and the others with software roots. It ends when this object does, and when this process ends however that happens: then the child's input ends.
/// </summary>
internal sealed class BenchDemo : IAsyncDisposable
{
    private const string Ready = "Ctrl-C ends everything.";

    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(5), EndPatience = TimeSpan.FromMinutes(1);

    private readonly string folder;
    private readonly Process process;
    private readonly HttpClient api;

    private volatile bool namespaces;

    private BenchDemo(string folder, Process process, HttpClient api) => (this.folder, this.process, this.api) = (folder, process, api);

    /// <summary>Where the devices are.</summary>
    public string Network => namespaces ? "a network namespace each" : "all on loopback";

    /// <summary>Folders of its devices.</summary>
    public IReadOnlyList<string> Devices => [.. Directory.EnumerateDirectories(Path.Combine(folder, "devices")).Order(StringComparer.Ordinal)];

    /// <summary>What is missing for it; null if nothing is.</summary>
    public static string? Missing()
        => Program() is null ? "trustmesh is not built in this configuration (dotnet build -c Release TrustMesh.sln)" : Directory.Exists("/proc/self") ? null : "it needs Linux";

    /// <summary>Returns when every device is trusted by the silo and by its peers.</summary>
    /// <param name="loopback">No network namespaces, also where the machine can make them.</param>
    public static async Task<BenchDemo> StartAsync(int devices, bool loopback)
    {
        var folder = Directory.CreateTempSubdirectory("trustmesh-bench-").FullName;
        var state = Path.Combine(folder, "demo");
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec 3<&0; \"$@\" </dev/null & p=$!; { read -r _ <&3; kill $p; } & wait $p", "sh",
            Program()!, "demo", "run", "--devices", "1", "--software", $"{devices - 1}", "--port", "0", "--state", state, "--timeout", $"{StartPatience.TotalSeconds:0}s",
            .. loopback ? (string[])["--no-namespaces"] : []])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        var (ready, said) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), "");
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Contains(Ready, StringComparison.Ordinal) == true) ready.TrySetResult();
        };
        var demo = new BenchDemo(state, process, new HttpClient());
        process.ErrorDataReceived += (_, line) =>
        {
            said = line.Data ?? said;
            if (said.StartsWith("Every device has a network namespace", StringComparison.Ordinal)) demo.namespaces = true;
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (await Task.WhenAny(ready.Task, process.WaitForExitAsync()).WaitAsync(StartPatience + EndPatience) == ready.Task)
        {
            await demo.SignInAsync();
            return demo;
        }
        await demo.DisposeAsync();
        throw new InvalidOperationException($"the demo did not start: {said}");
    }

    public async Task<T> GetAsync<T>(string path) => await api.GetFromJsonAsync<T>(path) ?? throw new InvalidOperationException($"{path} answered nothing");

    public async Task SendAsync<T>(HttpMethod method, string path, T body)
    {
        using var answer = await api.SendAsync(new(method, path) { Content = JsonContent.Create(body) });
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>A value of a device's agent configuration.</summary>
    public static JsonElement Setting(string device, string name)
    {
        using var settings = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(device, "agent.json")));
        return settings.RootElement.GetProperty(name).Clone();
    }

    /// <summary>Processes of the agents of these devices.</summary>
    public static IReadOnlyList<int> Agents(IEnumerable<string> devices)
    {
        var configurations = devices.Select(device => Path.Combine(device, "agent.json")).ToHashSet();
        return [.. Process.GetProcesses().Where(one => one.ProcessName.StartsWith("trustmesh-agent", StringComparison.Ordinal))
            .Where(one => File.ReadAllText($"/proc/{one.Id}/cmdline").Split('\0').Any(configurations.Contains)).Select(one => one.Id)];
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(EndPatience);
        process.Dispose();
        api.Dispose();
        // The shell is told to end the demo and waits for that; the demo removes its sockets, and this is what it keeps between runs.
        Directory.Delete(Path.GetDirectoryName(folder)!, true);
    }

    private async Task SignInAsync()
    {
        using var saved = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(folder, "token.json")));
        var silo = saved.RootElement.GetProperty("silos").EnumerateObject().Single();
        api.BaseAddress = new Uri(new Uri(silo.Name), "/api/v1/");
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", silo.Value.GetProperty("token").GetString());
    }

    private static string? Program()
    {
        // …/tests/Bench/bin/Release/net10.0: the same configuration of the same build.
        var here = AppContext.BaseDirectory.TrimEnd('/');
        var (framework, configuration) = (Path.GetFileName(here), Path.GetFileName(Path.GetDirectoryName(here)!));
        for (var at = here; at is not null; at = Path.GetDirectoryName(at))
            if (File.Exists(Path.Combine(at, "TrustMesh.sln")) && Path.Combine(at, "silo/Cli/bin", configuration, framework, "trustmesh") is var built) return File.Exists(built) ? built : null;
        return null;
    }
}
