using System.Net;
using System.Runtime.Versioning;
using TrustMesh.Cli.Api;
using TrustMesh.Cli.Commands;

namespace TrustMesh.Cli.Demo;

/// <summary>
/// The silo of the demo, which can be switched off and on again while everything else goes on. It comes back on the ports it had, so devices,
/// dashboard and sessions find it again.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class DemoSilo(DemoFolder folder, Programs programs, Children children, Surroundings surroundings, IPAddress deviceAddress, IReadOnlyList<string> roots) : IDisposable
{
    // Short, so that silence shows soon: this is for watching.
    private const string Lifetime = "15", Interval = "5";

    private readonly SemaphoreSlim one = new(1, 1);
    private ChildProcess? process;
    private TaskCompletionSource back = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Signed in as admin; null before the first start.</summary>
    public SiloApi? Api { get; private set; }

    /// <summary>Of the API, without a path.</summary>
    public string Address { get; private set; } = "";

    /// <summary>What devices dial.</summary>
    public string DeviceAddress { get; private set; } = "";

    public bool IsRunning => back.Task.IsCompletedSuccessfully;

    /// <summary>How often it was started.</summary>
    public int Starts { get; private set; }

    /// <summary>Returns when it runs; at once if it does.</summary>
    public Task RunningAsync(CancellationToken ct) => back.Task.WaitAsync(ct);

    /// <summary>Returns when it answers. False if it ran already.</summary>
    public async Task<bool> StartAsync(CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            if (IsRunning) return false;
            await StartProcessAsync(ct);
            Starts++;
            back.SetResult();
            return true;
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
            back = new(TaskCreationOptions.RunContinuationsAsynchronously);
            await (kill ? process!.KillAsync() : Children.StopAsync(process!));
            return true;
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose()
    {
        Api?.Dispose();
        one.Dispose();
    }

    private async Task StartProcessAsync(CancellationToken ct)
    {
        string readyFile = folder.Fresh(folder.At("silo-ready.json")), codeFile = folder.Fresh(folder.At("silo-code"));
        var (devices, operators) = Api is null ? ($"{deviceAddress}:0", "127.0.0.1:0") : (new Uri(DeviceAddress).Authority, new Uri(Address).Authority);
        process = await children.StartAsync("silo", folder.Log("silo"), folder.Path, [
            programs.Silo, "--state", folder.Folder("silo"), "--mesh", "demo", "--device-listen", devices, "--operator-listen", operators,
            "--device-names", $"localhost,127.0.0.1{(IPAddress.IsLoopback(deviceAddress) ? "" : $",{deviceAddress}")}",
            .. roots.SelectMany(root => (string[])["--ek-roots", root]),
            "--ready-file", readyFile, "--code-file", codeFile, "--lifetime", Lifetime, "--interval", Interval]);
        await ArrivalAsync(readyFile, ct);
        var ready = ReadySilo.Read(readyFile);
        DeviceAddress = ready.Device;
        // The session outlives a restart, as every session does.
        if (Api is null) await SignInAsync(SiloAddresses.Parse(ready.Operator), codeFile, ct);
        File.Delete(codeFile);
    }

    /// <summary>Its death ends the wait for its file.</summary>
    private async Task ArrivalAsync(string readyFile, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, children.Died);
        await Arrival.OfAsync(readyFile, either.Token);
    }

    private async Task SignInAsync(SiloAddresses silo, string codeFile, CancellationToken ct)
    {
        Address = silo.Now.GetLeftPart(UriPartial.Authority);
        var (_, session) = await SessionCommands.SignInAsync(silo, (await File.ReadAllTextAsync(codeFile, ct)).Trim(), surroundings.Http, ct);
        new SessionFile(folder.Token).Write(SavedSessions.None.With(silo, session));
        Api = new SiloApi(silo, session.Token, surroundings.Http());
    }
}
