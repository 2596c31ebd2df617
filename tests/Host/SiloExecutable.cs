using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Host;

/// <summary>The real executable on a state of its own, to be killed and started again.</summary>
public sealed class SiloExecutable : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-kill-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    public async Task<Running> StartAsync()
    {
        var ready = Path.Combine(folder, $"ready-{Guid.NewGuid():n}.json");
        var code = Path.Combine(folder, "code");
        using var watcher = new FileSystemWatcher(folder);
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Renamed += (_, moved) => { if (moved.FullPath == ready) written.TrySetResult(); };
        watcher.EnableRaisingEvents = true;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["exec", Path.Combine(AppContext.BaseDirectory, "trustmesh-silo.dll"), "--state", Path.Combine(folder, "state"), "--device-listen", "127.0.0.1:0", "--operator-listen", "127.0.0.1:0", "--ready-file", ready, "--code-file", code])
            start.ArgumentList.Add(argument);
        start.Environment["TRUSTMESH__Limits__DeviceRate"] = "100000";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var errors = process.StandardError.ReadToEndAsync();
        await Task.WhenAny(written.Task, process.WaitForExitAsync()).WaitAsync(Deadline);
        Assert.True(File.Exists(ready), process.HasExited ? await errors : "not ready");
        using var report = JsonDocument.Parse(await File.ReadAllBytesAsync(ready));
        var client = new HttpClient { BaseAddress = new(report.RootElement.GetProperty("operator").GetString() + "/api/v1/") };
        var session = await (await client.PostAsJsonAsync("session", new SignIn((await File.ReadAllTextAsync(code)).Trim()))).Content.ReadFromJsonAsync<Session>();
        client.DefaultRequestHeaders.Authorization = new("Bearer", session!.Token);
        return new(process, client, new(report.RootElement.GetProperty("device").GetString()!));
    }

    public sealed class Running(Process process, HttpClient client, Uri devices) : IAsyncDisposable
    {
        public Uri Devices => devices;

        public async Task<T> GetAsync<T>(string path) => (await client.GetFromJsonAsync<T>(path))!;

        public async Task<T> PostAsync<T>(string path, object body)
        {
            using var answer = await client.PostAsJsonAsync(path, body);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            return (await answer.Content.ReadFromJsonAsync<T>())!;
        }

        public void Kill() => process.Kill();

        public async ValueTask DisposeAsync()
        {
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            client.Dispose();
        }
    }
}
