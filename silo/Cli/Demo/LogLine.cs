using System.Text;

namespace TrustMesh.Cli.Demo;

/// <summary>Waits for what a program says in its log when it is ready. Made before the program starts: what a log says from an earlier run does not count.</summary>
internal sealed class LogLine(string log)
{
    private readonly long begin = File.Exists(log) ? new FileInfo(log).Length : 0;

    /// <summary>Returns when the log holds this text. Each change of the file is the event; nothing is polled.</summary>
    public async Task SaysAsync(string text, CancellationToken ct)
    {
        var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(log)!, Path.GetFileName(log));
        watcher.Changed += (_, _) => Look();
        watcher.Created += (_, _) => Look();
        watcher.EnableRaisingEvents = true;
        // It may have been said between the start of the program and the watcher.
        Look();
        await said.Task.WaitAsync(ct);

        void Look()
        {
            if (Says(text)) said.TrySetResult();
        }
    }

    private bool Says(string text)
    {
        if (!File.Exists(log)) return false;
        using var file = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(begin, SeekOrigin.Begin);
        using var reader = new StreamReader(file, Encoding.UTF8);
        return reader.ReadToEnd().Contains(text, StringComparison.Ordinal);
    }
}
