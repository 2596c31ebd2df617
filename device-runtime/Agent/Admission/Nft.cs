using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using TrustMesh.Agent.Files;

namespace TrustMesh.Agent.Admission;

/// <summary>The <c>nft</c> program, run as <c>nft -f -</c>. Our own code for the kernel's netlink language would be longer than everything else here.</summary>
public sealed class Nft
{
    private const int NetAdmin = 12;
    private static readonly string[] Places = ["/usr/sbin/nft", "/sbin/nft", "/usr/local/sbin/nft", "/usr/bin/nft"];
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private readonly IReadOnlyList<string> command;

    private Nft(IReadOnlyList<string> command) => this.command = command;

    /// <summary>It is installed, and this process may change the firewall.</summary>
    public static bool IsUsable => Places.Any(File.Exists) && MayChangeTheNetwork();

    /// <summary>The machine's own nft, by fixed places: who can set PATH does not choose what runs with the right to change the firewall (attack A45).
    /// Throws <see cref="IOException"/> where it is not installed or this process may not use it.</summary>
    /// <param name="enter">Words before it, such as <c>ip netns exec NAME</c> for another network.</param>
    public static Nft Find(params IReadOnlyList<string> enter)
    {
        var program = Places.FirstOrDefault(File.Exists) ?? throw new IOException("nft is not installed, and admission is \"nftables\". Install the package nftables, or set admission to \"off\".");
        if (!MayChangeTheNetwork()) throw new IOException("This process may not change the firewall (CAP_NET_ADMIN), and admission is \"nftables\". Install infra/systemd/trustmesh-agent-admission.conf as a drop-in of the service, run the agent as root, or set admission to \"off\".");
        return new([.. enter, program]);
    }

    /// <summary>Runs a script and returns what it printed. Throws <see cref="IOException"/> with nft's own words.</summary>
    public async Task<string> RunAsync(string script, CancellationToken stop)
    {
        var (code, output, error) = await TryAsync(script, stop);
        if (code == 0) return output;
        throw new IOException($"nft could not change the firewall: {error.Split('\n')[0].Trim()}. Look whether the kernel has nf_tables and conntrack (modprobe nf_tables nf_conntrack), and what: nft list ruleset");
    }

    /// <summary>As <see cref="RunAsync"/> for a script that may fail.</summary>
    /// <param name="dry">Only asks nft and the kernel whether it could be done.</param>
    public async Task<(int Code, string Output, string Error)> TryAsync(string script, CancellationToken stop, bool dry = false)
    {
        var start = new ProcessStartInfo(command[0], [.. command.Skip(1), dry ? "-c" : "-s", "-f", "-"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Longest);
        Process? process = null;
        try
        {
            process = Process.Start(start) ?? throw new IOException($"{command[0]} did not start.");
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardInput.WriteAsync(script.AsMemory(), limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (Win32Exception failed)
        {
            throw new IOException($"{command[0]} can not be started: {failed.Message}", failed);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"nft did not end within {Longest.TotalSeconds} s. Look for another program that holds the firewall: nft list ruleset"));
        }
        finally
        {
            if (process is { HasExited: false }) process.Kill();
            process?.Dispose();
        }
    }

    /// <summary>Root's capabilities pass on to the programs it starts; those of another user only if they are ambient.</summary>
    private static bool MayChangeTheNetwork()
    {
        var wanted = Posix.User == 0 ? "CapEff:" : "CapAmb:";
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(one => one.StartsWith(wanted, StringComparison.Ordinal));
        return line is not null && ulong.TryParse(line.AsSpan(wanted.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var set) && (set >> NetAdmin & 1) == 1;
    }
}
