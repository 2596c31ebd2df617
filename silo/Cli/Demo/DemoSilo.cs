using System.Net;
using System.Runtime.Versioning;

namespace TrustMesh.Cli.Demo;

/// <summary>
/// A silo of the demo, which can be switched off and on again while everything else goes on. It comes back on the ports it had, so devices,
/// dashboard and sessions find it again.
/// </summary>
/// <param name="name">Of its process, its folder and its log.</param>
/// <param name="deviceAddress">Where devices reach it.</param>
/// <param name="settings">Its other options.</param>
/// <param name="isOneOfSeveral">The others go on without it, so its end, whatever the reason, is not the demo's.</param>
[SupportedOSPlatform("linux")]
internal sealed class DemoSilo(
    string name, DemoFolder folder, Programs programs, Children children, IPAddress deviceAddress, IReadOnlyList<string> settings, bool isOneOfSeveral) : IDisposable
{
    // Short, so that silence shows soon: this is for watching.
    private const string Lifetime = "15", Interval = "5";

    // Several of them share this machine with everything else.
    private static readonly Dictionary<string, string> Frugal = new() { ["DOTNET_gcServer"] = "0" };

    private readonly SemaphoreSlim one = new(1, 1);
    private ChildProcess? process;
    private bool answers;

    public string Name => name;

    /// <summary>Of the API, without a path; empty before the first start.</summary>
    public string Address { get; private set; } = "";

    /// <summary>What devices dial; empty before the first start.</summary>
    public string DeviceAddress { get; private set; } = "";

    /// <summary>File with the code of the first admin; the silo writes it when it starts.</summary>
    public string CodeFile => folder.At($"{name}-code");

    public bool IsRunning => answers && process is { Exited.IsCompleted: false };

    /// <summary>The process it was started as last.</summary>
    public ChildProcess Process => process ?? throw new InvalidOperationException($"{name} has not started.");

    /// <summary>Returns when it answers. False if it ran already.</summary>
    public async Task<bool> StartAsync(CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            if (IsRunning) return false;
            answers = false;
            await StartProcessAsync(ct);
            return answers = true;
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Returns when it has ended. False if it did not run.</summary>
    /// <param name="kill">Without a word, as a power cut does.</param>
    public async Task<bool> StopAsync(bool kill, CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            if (!IsRunning) return false;
            answers = false;
            await (kill ? Process.KillAsync() : Children.StopAsync(Process));
            return true;
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    private async Task StartProcessAsync(CancellationToken ct)
    {
        var readyFile = folder.Fresh(folder.At($"{name}-ready.json"));
        var (devices, operators) = Address.Length == 0 ? ($"{deviceAddress}:0", "127.0.0.1:0") : (new Uri(DeviceAddress).Authority, new Uri(Address).Authority);
        process = await children.StartAsync(name, folder.Log(name), folder.Path, isOneOfSeveral ? Frugal : [], [
            programs.Silo, "--state", folder.Folder(name), "--mesh", "demo", "--device-listen", devices, "--operator-listen", operators,
            "--device-names", $"localhost,127.0.0.1{(IPAddress.IsLoopback(deviceAddress) ? "" : $",{deviceAddress}")}",
            "--ready-file", readyFile, "--code-file", folder.Fresh(CodeFile), "--lifetime", Lifetime, "--interval", Interval, .. settings]);
        await ArrivalAsync(readyFile, ct);
        var ready = ReadySilo.Read(readyFile);
        (DeviceAddress, Address) = (ready.Device, new Uri(ready.Operator).GetLeftPart(UriPartial.Authority));
        process.IsExpendable = isOneOfSeveral;
    }

    /// <summary>Its death ends the wait for its file.</summary>
    private async Task ArrivalAsync(string readyFile, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, children.Died);
        await Arrival.OfAsync(readyFile, either.Token);
    }
}
