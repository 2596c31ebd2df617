using System.Globalization;
using System.Net;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using TrustMesh.Cli.Api;
using TrustMesh.Cli.Commands;

namespace TrustMesh.Cli.Demo;

/// <summary>The silos of the demo, each of which will do: one with a database of its own, or several with stores they share.</summary>
[SupportedOSPlatform("linux")]
internal sealed class DemoSilos : IDisposable
{
    private readonly DemoFolder folder;
    private readonly DemoStores? stores;
    private readonly Surroundings surroundings;
    private TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="deviceAddress">Where devices reach all of them; each has a port of its own.</param>
    /// <param name="roots">Certificates of the makers of TPMs.</param>
    public DemoSilos(int count, DemoFolder folder, Programs programs, Children children, Surroundings surroundings, IPAddress deviceAddress, IReadOnlyList<string> roots)
    {
        (this.folder, this.surroundings) = (folder, surroundings);
        children.Missed = silo => surroundings.Error.WriteLine($"{silo.Obituary()}\nThe other silos go on. On again: the key s, or trustmesh demo silo start");
        string[] settings = [.. roots.SelectMany(root => (string[])["--ek-roots", root])];
        if (count > 1) stores = new(folder, children, surroundings);
        All = stores is null
            ? [new("silo", folder, programs, children, deviceAddress, settings, isOneOfSeveral: false)]
            : [.. Enumerable.Range(1, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"silo-{number}"))
                .Select(name => new DemoSilo(name, folder, programs, children, deviceAddress, [.. settings, .. stores.SettingsOf(name, first: "silo-1")], isOneOfSeveral: true))];
    }

    public IReadOnlyList<DemoSilo> All { get; }

    /// <summary>They are one mesh in stores they share.</summary>
    public bool AreSeveral => All.Count > 1;

    /// <summary>Signed in as admin, with all of them; null before the first start.</summary>
    public SiloApi? Api { get; private set; }

    /// <summary>Of the API of each, with commas.</summary>
    public string Address => string.Join(',', All.Select(silo => silo.Address));

    /// <summary>What devices dial.</summary>
    public IReadOnlyList<string> DeviceAddresses => [.. All.Select(silo => silo.DeviceAddress)];

    /// <summary>One of them at least.</summary>
    public bool IsRunning => All.Any(silo => silo.IsRunning);

    /// <summary>How often any was started.</summary>
    public int Starts { get; private set; }

    /// <summary>Returns when one runs; at once if one does.</summary>
    public Task RunningAsync(CancellationToken ct)
    {
        var next = started.Task;
        return IsRunning ? Task.CompletedTask : next.WaitAsync(ct);
    }

    /// <summary>Starts those that do not run; returns when all answer. False if all ran already.</summary>
    public async Task<bool> StartAsync(CancellationToken ct)
    {
        if (Api is null && stores is not null) await stores.StartAsync(ct);
        // The first one makes the mesh, with its authority's key; the others find both.
        var any = Api is null && await All[0].StartAsync(ct);
        any |= (await Task.WhenAll(All.Select(silo => silo.StartAsync(ct)))).Any(itStarted => itStarted);
        if (Api is null) await SignInAsync(SiloAddresses.Parse(Address), ct);
        // Nobody needs the others' codes: the session outlives a restart, and counts at every silo.
        foreach (var silo in All) File.Delete(silo.CodeFile);
        if (!any) return false;
        Starts++;
        Interlocked.Exchange(ref started, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        return true;
    }

    /// <summary>Ends those that run; returns when they have ended. False if none ran.</summary>
    /// <param name="kill">Without a word, as a power cut does.</param>
    public async Task<bool> StopAsync(bool kill, CancellationToken ct) => (await Task.WhenAll(All.Select(silo => silo.StopAsync(kill, ct)))).Any(stopped => stopped);

    /// <summary>Kills one of those that run, any; null if none does.</summary>
    public async Task<DemoSilo?> KillOneAsync(CancellationToken ct)
    {
        var running = All.Where(silo => silo.IsRunning).ToList();
        if (running.Count == 0) return null;
        var victim = running[RandomNumberGenerator.GetInt32(running.Count)];
        return await victim.StopAsync(kill: true, ct) ? victim : null;
    }

    public void Dispose()
    {
        Api?.Dispose();
        foreach (var silo in All) silo.Dispose();
    }

    private async Task SignInAsync(SiloAddresses silos, CancellationToken ct)
    {
        var (_, session) = await SessionCommands.SignInAsync(silos, (await File.ReadAllTextAsync(All[0].CodeFile, ct)).Trim(), surroundings.Http, ct);
        new SessionFile(folder.Token).Write(SavedSessions.None.With(silos, session));
        Api = new SiloApi(silos, session.Token, surroundings.Http());
    }
}
