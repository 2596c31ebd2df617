using System.Diagnostics;
using TrustMesh.Roots;
using TrustMesh.Roots.Tpm;

namespace TrustMesh.Bench;

/// <summary>A real TPM 2.0 in software: swtpm as a child, and gone with this object.</summary>
internal sealed class BenchTpm : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-bench-").FullName;
    private readonly Process process;

    private BenchTpm(string program)
    {
        string socket = Path.Combine(folder, "tpm.sock"), state = Directory.CreateDirectory(Path.Combine(folder, "state")).FullName;
        process = Process.Start(new ProcessStartInfo(program, ["socket", "--tpm2", "--tpmstate", "dir=" + state, "--server", "type=unixio,path=" + socket,
            "--ctrl", $"type=unixio,path={socket}.ctrl", "--pid", "file=" + Path.Combine(folder, "tpm.pid"), "--flags", "not-need-init,startup-clear"]))!;
        // swtpm writes its pid file when it listens.
        if (!SpinWait.SpinUntil(() => File.Exists(Path.Combine(folder, "tpm.pid")) || process.HasExited, Patience) || process.HasExited)
        {
            Dispose();
            throw new InvalidOperationException("swtpm did not start");
        }
        Settings = new("tpm", "unix:" + socket, "auto", 13, Path.Combine(folder, "device"));
    }

    public RootSettings Settings { get; } = null!;

    /// <summary>Null where swtpm is not installed.</summary>
    public static BenchTpm? TryStart()
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "swtpm")).FirstOrDefault(File.Exists) is { } program ? new(program) : null;

    public IRoot Open() => TpmRoot.Open(Settings, TimeProvider.System);

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
        process.Dispose();
        Directory.Delete(folder, true);
    }
}
