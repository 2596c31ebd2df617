using System.Collections.Concurrent;
using System.Diagnostics;

namespace TrustMesh.Cli.Demo;

/// <summary>
/// Starts processes from one thread that lives as long as this process. The kernel's parent-death signal, which ends the children if this
/// process is killed outright, is sent when the <em>thread</em> that started them ends, and pool threads come and go.
/// </summary>
internal sealed class Launcher : IDisposable
{
    private readonly BlockingCollection<Action> work = [];

    public Launcher() => new Thread(Run) { IsBackground = true, Name = "launcher" }.Start();

    /// <summary>A child in a session of its own, so that a Ctrl-C reaches this process alone and it can end the children in order. Output goes to the log.</summary>
    public Task<Process> StartAsync(string log, string folder, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> command)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        work.Add(() =>
        {
            // All three redirected: a child that might use the terminal makes .NET give it back to line input, and single keys would no longer arrive.
            var start = new ProcessStartInfo("sh", ["-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", log, "setsid", "setpriv", "--pdeathsig", "TERM", "--", .. command])
            {
                WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            };
            foreach (var (name, value) in environment) start.Environment[name] = value;
            try
            {
                var process = Process.Start(start) ?? throw new InvalidOperationException("No process was started.");
                process.StandardInput.Dispose();
                process.StandardOutput.Dispose();
                process.StandardError.Dispose();
                started.SetResult(process);
            }
            catch (Exception failed) when (failed is System.ComponentModel.Win32Exception or InvalidOperationException)
            {
                started.SetException(new DemoFailure($"{command[0]} can not be started: {failed.Message}. The demo needs Linux with util-linux (setsid, setpriv).", failed));
            }
        });
        return started.Task;
    }

    public void Dispose() => work.CompleteAdding();

    private void Run()
    {
        foreach (var one in work.GetConsumingEnumerable()) one();
    }
}
