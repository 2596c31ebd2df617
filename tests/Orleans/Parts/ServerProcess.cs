using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Orleans.Parts;

/// <summary>
/// A server as a child that ends when it is disposed or the tests end, however they end: a shell stands between, whose standard input ends then.
/// It is ready when it says so.
/// </summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly ConcurrentDictionary<int, bool> s_given = new();

    private readonly Process shell;
    private readonly string folder, name;
    private readonly int id;

    private ServerProcess(Process shell, string folder, string name, int id) => (this.shell, this.folder, this.name, this.id) = (shell, folder, name, id);

    /// <summary>Starts it and waits for the line that says it is ready; that line.</summary>
    public static (ServerProcess Server, string Ready) Start(string folder, string program, IEnumerable<string> arguments, string ready, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true,
            ArgumentList = { "-c", "exec 3<&0; \"$@\" & p=$!; echo \"pid $p\"; { read -r _ <&3; kill -CONT $p; kill $p; } & wait $p", "sh", program },
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (variable, value) in environment) start.Environment[variable] = value;
        var said = new List<string>();
        var isReady = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var hasId = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var shell = Process.Start(start)!;
        void Hear(string? line)
        {
            if (line is null) return;
            lock (said) if (said.Count < 100) said.Add(line);
            if (line.StartsWith("pid ", StringComparison.Ordinal)) hasId.TrySetResult(int.Parse(line.AsSpan(4), CultureInfo.InvariantCulture));
            if (line.Contains(ready, StringComparison.Ordinal)) isReady.TrySetResult(line);
        }
        shell.OutputDataReceived += (_, line) => Hear(line.Data);
        shell.ErrorDataReceived += (_, line) => Hear(line.Data);
        shell.BeginOutputReadLine();
        shell.BeginErrorReadLine();
        if (isReady.Task.Wait(Deadline)) return (new(shell, folder, Path.GetFileName(program), hasId.Task.Result), isReady.Task.Result);
        shell.StandardInput.Close();
        lock (said) throw new InvalidOperationException($"{program} was not ready within {Deadline.TotalSeconds} s: {string.Join('\n', said)}");
    }

    /// <summary>
    /// A loopback port that nobody has now, and no other test gets; below those the system gives to connections, so that it is still free when a server that
    /// was killed is started again.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(12_000, 32_000);
            if (!s_given.TryAdd(port, true)) continue;
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
                continue;
            }
        }
    }

    /// <summary>It stands still: connections stay open and nobody answers.</summary>
    public void Pause() => Signal("STOP");

    public void Resume() => Signal("CONT");

    /// <summary>Ends it as a power cut would.</summary>
    public void Kill()
    {
        Signal("KILL");
        Assert.True(shell.WaitForExit(Deadline), $"{name} did not end");
    }

    public void Dispose()
    {
        shell.StandardInput.Close();
        var ended = shell.WaitForExit(Deadline);
        if (!ended) Signal("KILL");
        shell.Dispose();
        Assert.True(ended, $"{name} did not end when it was asked to");
    }

    /// <summary>Sends a process of ours a signal, such as STOP.</summary>
    public static void Signal(int process, string signal)
    {
        var (code, _, error) = Command.Run(Path.GetTempPath(), "/bin/sh", "-c", $"kill -{signal} {process}");
        Assert.True(code == 0, $"{process} could not be sent {signal}: {error}");
    }

    private void Signal(string signal)
    {
        var (code, _, error) = Command.Run(folder, "/bin/sh", "-c", $"kill -{signal} {id}");
        Assert.True(code == 0, $"{name} could not be sent {signal}: {error}");
    }
}
