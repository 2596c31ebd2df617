using System.Diagnostics;
using System.Text.Json;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Dashboard;

/// <summary>The browser's reader of snapshots, bundled as for the browser and run by node (snapshotCases.ts). Skips the test where there is no node.</summary>
public class NodeReader : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("trustmesh-snapshot-");

    /// <summary>Beside this file.</summary>
    protected virtual string Cases => "snapshotCases.ts";

    private string Script => Path.Combine(folder.FullName, "cases.mjs");

    public async ValueTask InitializeAsync()
    {
        var dashboard = Path.Combine(Repository.Root, "dashboard");
        var esbuild = Path.Combine(dashboard, "node_modules", "esbuild", "bin", "esbuild");
        if (File.Exists(esbuild))
            await RunAsync("node", [esbuild, Path.Combine(Repository.Root, "tests", "Dashboard", Cases), "--bundle", "--platform=node", "--format=esm", "--log-level=error", $"--outfile={Script}"]);
    }

    /// <summary>What the script answers.</summary>
    public async Task<JsonElement> AskAsync(string what, ReadOnlyMemory<byte> bytes, params IReadOnlyList<string> more)
    {
        Assert.SkipUnless(File.Exists(Script), "node or dashboard/node_modules is missing: build the dashboard with Node.js 20 or newer");
        return JsonElement.Parse(await RunAsync("node", [Script, what, await SaveAsync(bytes), .. more]));
    }

    public async Task<string> SaveAsync(ReadOnlyMemory<byte> bytes)
    {
        var file = Path.Combine(folder.FullName, Path.GetRandomFileName());
        await File.WriteAllBytesAsync(file, bytes);
        return file;
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private static async Task<string> RunAsync(string command, IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(deadline.Token);
        Assert.True(process.ExitCode == 0, await errors);
        return output;
    }
}
