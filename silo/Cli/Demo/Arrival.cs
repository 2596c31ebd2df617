namespace TrustMesh.Cli.Demo;

/// <summary>Waits for a file that another process makes when it is ready. Its appearance is the event; nothing is polled.</summary>
internal static class Arrival
{
    /// <summary>Returns when the file is there. It must not be there from an earlier run.</summary>
    public static async Task OfAsync(string file, CancellationToken ct)
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(file)!, Path.GetFileName(file));
        watcher.Created += (_, _) => arrived.TrySetResult();
        watcher.Renamed += (_, _) => arrived.TrySetResult();
        watcher.EnableRaisingEvents = true;
        // It may have come between the start of the process and the watcher.
        if (File.Exists(file)) return;
        await arrived.Task.WaitAsync(ct);
    }
}
