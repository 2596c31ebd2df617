using System.Diagnostics;

namespace TrustMesh.Cli.Demo;

/// <summary>Programs of the system: where they are, and one run of one of them.</summary>
internal static class Tool
{
    /// <summary>Full path of a program, or null; /usr/sbin is not in everybody's PATH.</summary>
    public static string? TryFind(string name)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/bin", "/usr/sbin", "/sbin", "/usr/local/bin"])
            .Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Full path of a program; throws <see cref="DemoFailure"/> with the package to install.</summary>
    public static string Find(string name) => TryFind(name) ?? throw new DemoFailure(
        $"{name} is not installed. On Debian: apt-get install {PackageOf(name)}, or start with infra/run, which does that.");

    /// <summary>Runs to the end. Secrets go into the environment, which only the same user can read; arguments are for everybody's eyes (attack A47).</summary>
    /// <returns>Exit code, and what it printed to both outputs.</returns>
    public static async Task<(int Code, string Output, string Error)> RunAsync(
        IReadOnlyList<string> command, CancellationToken ct, string input = "", IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Find(command[0]), command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new DemoFailure($"{command[0]} can not be started.");
        var (output, error) = (process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
        try
        {
            await WriteAsync(process.StandardInput, input, ct);
            await process.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return (process.ExitCode, await output, await error);
    }

    private static async Task WriteAsync(StreamWriter to, string input, CancellationToken ct)
    {
        try
        {
            await to.WriteAsync(input.AsMemory(), ct);
            to.Close();
        }
        catch (IOException)
        {
            // It ended before it had read everything: its exit code and its words say why.
        }
    }

    private static string PackageOf(string name) => name switch
    {
        "ip" => "iproute2",
        "nft" => "nftables",
        "pkcs11-tool" => "softhsm2 opensc",
        "setsid" or "setpriv" => "util-linux",
        _ => "swtpm swtpm-tools",
    };
}
