using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace TrustMesh.Tests.Parts;

/// <summary>
/// A network of its own, as a machine of its own would have: interfaces, addresses, routes, firewall. Empty but for loopback; a
/// <see cref="NetworkSegment"/> connects several. Gone when it is disposed; what a killed test run left behind is removed by the next one.
/// </summary>
public sealed class NetworkNamespace : IDisposable
{
    private const string Prefix = "tmt-";
    private const int NewNetwork = 0x4000_0000;
    private static readonly ConcurrentDictionary<string, bool> Living = new(StringComparer.Ordinal);
    private static int count;
    private readonly Lock gate = new();
    private readonly List<Process> started = [];

    static NetworkNamespace() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var name in Living.Keys) Command.Run("/", "ip", "netns", "del", name);
    };

    private NetworkNamespace(string name) => Name = name;

    public string Name { get; }

    /// <summary>Words to put before a program and its arguments, so that it runs in here.</summary>
    public IReadOnlyList<string> Enter => ["ip", "netns", "exec", Name];

    /// <summary>Makes one; skips the test where this machine or user can not.</summary>
    public static NetworkNamespace Create()
    {
        Assert.SkipUnless(Command.Exists("ip"), "ip is not installed (apt-get install iproute2)");
        var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref count)}");
        if (name.EndsWith("-1", StringComparison.Ordinal)) Sweep();
        var (code, _, error) = Command.Run("/", "ip", "netns", "add", name);
        Assert.SkipUnless(code == 0, $"network namespaces can not be made here (root is needed): {error.Trim()}");
        Living[name] = true;
        var made = new NetworkNamespace(name);
        made.Run("ip", "link", "set", "lo", "up");
        return made;
    }

    /// <summary>Runs a program in here to its end and returns its output; fails the test, with the program's words, if it fails.</summary>
    public string Run(params string[] command)
    {
        var (code, output, error) = TryRun(command);
        Assert.True(code == 0, $"{string.Join(' ', command)} ended with {code}: {error}");
        return output;
    }

    /// <summary>As <see cref="Run"/> for a program that may fail.</summary>
    public (int Code, string Output, string Error) TryRun(params string[] command)
        => Command.Run("/", Enter[0], [.. Enter.Skip(1), .. command]);

    /// <summary>Starts a program in here; it is killed, with its children, when this is disposed. Its output can be read.</summary>
    public Process Start(IEnumerable<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Enter[0], [.. Enter.Skip(1), .. command]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var process = Process.Start(start)!;
        lock (gate) started.Add(process);
        return process;
    }

    /// <summary>A socket of this process that lives in here: a socket keeps the network of the thread that made it.</summary>
    public Socket NewSocket(AddressFamily family, SocketType type = SocketType.Stream, ProtocolType protocol = ProtocolType.Tcp)
    {
        Socket? socket = null;
        Exception? failure = null;
        // A thread of its own, which ends in here: a thread of the pool would take the next test along.
        var thread = new Thread(() =>
        {
            try
            {
                using var handle = File.OpenHandle($"/var/run/netns/{Name}");
                if (Setns(handle, NewNetwork) != 0) throw new InvalidOperationException($"setns: {Marshal.GetLastPInvokeErrorMessage()}");
                socket = new Socket(family, type, protocol);
            }
            catch (Exception failed)
            {
                failure = failed;
            }
        });
        thread.Start();
        thread.Join();
        return socket ?? throw new InvalidOperationException($"no socket in {Name}", failure);
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var process in started)
            {
                if (!process.HasExited) process.Kill(entireProcessTree: true);
                process.WaitForExit();
                process.Dispose();
            }
            started.Clear();
        }
        if (Living.TryRemove(Name, out _)) Command.Run("/", "ip", "netns", "del", Name);
    }

    /// <summary>Names of earlier runs whose process is gone.</summary>
    private static void Sweep()
    {
        foreach (var left in Directory.Exists("/var/run/netns") ? Directory.GetFiles("/var/run/netns", Prefix + "*") : [])
        {
            var parts = Path.GetFileName(left).Split('-');
            if (parts.Length == 3 && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var process) && !Directory.Exists($"/proc/{process}"))
                Command.Run("/", "ip", "netns", "del", Path.GetFileName(left));
        }
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static extern int Setns(SafeFileHandle target, int kind);
}
