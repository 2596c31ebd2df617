using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using TrustMesh.Contracts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Host;

/// <summary>The real executable, killed with SIGKILL while devices are proving themselves: what was acknowledged is still there.</summary>
public sealed class KillTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-kill-").FullName;

    [Fact]
    public async Task What_was_acknowledged_survives_the_kill_of_the_silo()
    {
        var devices = Enumerable.Range(0, 4).Select(i => new TestDevice($"device-{i}")).ToArray();
        var acknowledged = new int[devices.Length];
        await using (var first = await StartAsync())
        {
            var token = await first.PostAsync<JoinToken>("enroll/tokens", new JoinTokenRequest(10, 600, false));
            foreach (var device in devices)
            {
                await device.ConnectAsync(first.Devices);
                Assert.Equal(Standing.Pending, (await device.EnrolAsync(token.Token)).Result!.Standing);
            }
            for (var i = 0; i < 3; i++) await first.PostAsync<DeviceSummary>($"devices/device-{i}/approve", new Decision(null));
            await first.PostAsync<DeviceSummary>("devices/device-2/revoke", new Decision("stolen"));

            var proving = devices.Select((device, i) => ProveUntilItEndsAsync(device, count => acknowledged[i] = count)).ToArray();
            // Killed in the midst of it, once every device was heard at least twice.
            var heard = Stopwatch.StartNew();
            while (acknowledged.Where((_, i) => i != 2).Any(count => count < 2))
            {
                Assert.True(heard.Elapsed < Deadline, "the devices were not heard in time");
                await Task.Yield();
            }
            first.Kill();
            await Task.WhenAll(proving);
        }

        await using var second = await StartAsync();
        var standings = (await second.GetAsync<DevicePage>("devices")).Items.Select(item => item.Standing);
        Assert.Equal(["active", "active", "revoked", "pending"], standings);
        for (var i = 0; i < devices.Length; i++)
        {
            if (i == 2) continue;
            var known = await second.GetAsync<DeviceDetail>($"devices/device-{i}");
            Assert.True(known.Measurements.Count >= acknowledged[i], $"device-{i}: {acknowledged[i]} measurements were acknowledged, {known.Measurements.Count} are there");
            await devices[i].ConnectAsync(second.Devices);
            Assert.Equal(i == 3 ? Standing.Pending : Standing.Active, (await devices[i].ProveAsync()).Standing);
        }
        foreach (var device in devices) device.Dispose();
    }

    public void Dispose() => Directory.Delete(folder, true);

    private static async Task ProveUntilItEndsAsync(TestDevice device, Action<int> heard)
    {
        for (var count = 1; count < 10_000; count++)
        {
            device.Measure($"/file-{count}", $"{count}");
            try
            {
                var answer = await device.SendEvidenceAsync(device.Prove(await device.ChallengeAsync()));
                if (answer.Code == "") heard(count);
            }
            catch (Exception ended) when (ended is HttpRequestException or IOException)
            {
                // The silo is gone: that is what this waits for.
                return;
            }
        }
    }

    private async Task<Running> StartAsync()
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

    private sealed class Running(Process process, HttpClient client, Uri devices) : IAsyncDisposable
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
