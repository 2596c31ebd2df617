using System.Diagnostics;
using System.Net;

namespace TrustMesh.Tests.Dashboard;

public sealed class ProcessTests
{
    [Fact]
    public async Task Starts_says_where_it_answers_and_ends_when_told()
    {
        var folder = Directory.CreateTempSubdirectory("trustmesh-dashboard-");
        var ready = Path.Combine(folder.FullName, "ready");
        var arrived = new TaskCompletionSource();
        using var watcher = new FileSystemWatcher(folder.FullName, "ready") { EnableRaisingEvents = true };
        watcher.Renamed += (_, _) => arrived.TrySetResult();
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "trustmesh-dashboard"))
        {
            ArgumentList = { "--silo", "http://127.0.0.1:9", "--listen", "http://127.0.0.1:0", "--ready-file", ready, "--state", folder.FullName },
        })!;
        try
        {
            await arrived.Task.WaitAsync(TimeSpan.FromSeconds(60));
            var address = (await File.ReadAllTextAsync(ready)).Trim();
            using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(address) };

            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/livez")).StatusCode);
            Assert.Equal(HttpStatusCode.Redirect, (await client.GetAsync("/")).StatusCode);
            foreach (var file in new[] { "/css/app.css", "/graph/shell.js", "/graph/graph.js", "/graph/LICENCES.txt", "/_framework/blazor.web.js", "/trustmesh-dashboard.styles.css" })
                Assert.Equal((file, HttpStatusCode.OK), (file, (await client.GetAsync(file)).StatusCode));
            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString()]);
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
            folder.Delete(recursive: true);
        }
    }
}
