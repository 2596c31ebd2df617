using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TrustMesh.Cli.Demo;

/// <summary>One process of the demo: its name for people, its log, and its end.</summary>
internal sealed class ChildProcess(string name, string log, Process process)
{
    private const int Terminate = 15, Kill = 9, TailLines = 15;

    public string Name { get; } = name;

    public int Id { get; } = process.Id;

    /// <summary>Done when the process has ended, for whatever reason.</summary>
    public Task Exited { get; } = process.WaitForExitAsync();

    /// <summary>Somebody asked it to end, so its end is no surprise.</summary>
    public bool IsAsked { get; private set; }

    /// <summary>Others go on without it, so its end is no reason for them to.</summary>
    public bool IsExpendable { get; set; }

    /// <summary>Asks the process and everything it started to end; insists after <paramref name="patience"/>.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        IsAsked = true;
        Signal(Terminate);
        try
        {
            await Exited.WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            await KillAsync();
        }
    }

    /// <summary>Ends the process and everything it started without a word, as a power cut does.</summary>
    public async Task KillAsync()
    {
        IsAsked = true;
        Signal(Kill);
        await Exited;
    }

    /// <summary>One sentence about an unexpected end, and the last lines of the log.</summary>
    public string Obituary() => $"{Name} ended with exit code {process.ExitCode}. {Tail()}";

    /// <summary>The last lines of the log.</summary>
    public string Tail()
        => File.Exists(log) && File.ReadLines(log).TakeLast(TailLines).ToList() is { Count: > 0 } lines
            ? $"The end of {log}:\n  {string.Join("\n  ", lines)}"
            : $"It wrote nothing to {log}.";

    // The child leads a process group of its own (setsid), so its number names the group.
    private void Signal(int signal)
    {
        if (!Exited.IsCompleted) _ = kill(-Id, signal);
    }

    [DllImport("libc")]
    private static extern int kill(int process, int signal);
}
