using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using TrustMesh.Cli.Api;
using TrustMesh.Cli.Commands;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Demo;

/// <summary>
/// Brings a mesh up, in the order a person would: TPMs are manufactured, the silo starts with the maker's root, an admin signs in and makes a
/// join token, agents and dashboard start, reference values are learnt from the first device, and then every device proves itself.
/// Every wait is for an event: a ready file, a change in the feed, or the death of a child.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class DemoMesh(DemoOptions options, DemoFolder folder, Programs programs, Children children, Surroundings surroundings)
{
    // Short, so that silence shows soon: this is for watching.
    private const string Lifetime = "15", Interval = "5";

    private readonly IReadOnlyList<DemoDevice> devices = DemoDevice.Of(folder, options);
    private readonly TpmFactory factory = new(folder);

    public IReadOnlyList<DemoDevice> Devices => devices;

    /// <summary>Signed in as admin; null before <see cref="StartSiloAsync"/>.</summary>
    public SiloApi? Api { get; private set; }

    public string SiloAddress { get; private set; } = "";

    public string DashboardAddress { get; private set; } = "";

    public GraphWatch? Graph { get; private set; }

    /// <summary>Returns when every device is trusted.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        Say($"State: {folder.Path}");
        foreach (var device in devices) device.WriteFiles();
        // The maker's root exists once it has made a TPM, and the silo wants it at its start.
        await factory.ManufactureAsync(devices[0], ct);
        await StartTpmsAsync(ct);
        var ready = await StartSiloAsync(ct);
        await StartDashboardAsync(ct);
        var references = await Api!.ReferencesAsync(ct);
        if (options.Software > 0) await AcceptSoftwareAsync(ct);
        await WriteJoinTokenAsync(ct);
        foreach (var device in devices) await device.StartAgentAsync(children, programs, ready.Device, ct);
        if (references.All(one => one.Model != DemoDevice.Model)) await LearnAsync(ct);
        Say("Waiting for every device to be trusted ...");
        var started = (await Api.MeshAsync(ct)).StartedAt.ToUnixTimeSeconds();
        // A verdict of an earlier run may still be fresh; it is not what a start waits for.
        await Graph!.UntilAsync(() => devices.All(device => IsAsGoodAsItGets(device) && NodeOf(device)!.ProvenAt?.ToUnixTimeSeconds() >= started), ct);
    }

    public bool IsTrusted(DemoDevice device) => NodeOf(device)?.Look == Looks.Trusted;

    /// <summary>A software root never gets better than a warning: its key can be copied.</summary>
    public bool IsAsGoodAsItGets(DemoDevice device) => IsTrusted(device) || device.IsSoftware && NodeOf(device)?.Look == Looks.Warning;

    /// <summary>The device on the graph, null until it has joined.</summary>
    public GraphNode? NodeOf(DemoDevice device) => Graph?.Devices.FirstOrDefault(node => node.Name == device.Name);

    private async Task StartTpmsAsync(CancellationToken ct)
    {
        foreach (var device in devices.Where(one => !one.IsSoftware))
        {
            await factory.ManufactureAsync(device, ct);
            await device.StartTpmAsync(children, ct);
        }
        Say($"{options.Devices} TPMs are running.");
    }

    private async Task<ReadySilo> StartSiloAsync(CancellationToken ct)
    {
        string readyFile = folder.Fresh(folder.At("silo-ready.json")), codeFile = folder.Fresh(folder.At("silo-code"));
        await children.StartAsync("silo", folder.Log("silo"), folder.Path, [
            programs.Silo, "--state", folder.Folder("silo"), "--mesh", "demo", "--device-listen", "127.0.0.1:0", "--operator-listen", "127.0.0.1:0",
            .. factory.Roots.SelectMany(root => (string[])["--ek-roots", root]),
            "--ready-file", readyFile, "--code-file", codeFile, "--lifetime", Lifetime, "--interval", Interval]);
        await Arrival.OfAsync(readyFile, ct);
        var ready = ReadySilo.Read(readyFile);
        var silo = Cli.Api.SiloAddress.Parse(ready.Operator);
        SiloAddress = silo.GetLeftPart(UriPartial.Authority);
        var (_, session) = await SessionCommands.SignInAsync(silo, (await File.ReadAllTextAsync(codeFile, ct)).Trim(), surroundings.Http, ct);
        File.Delete(codeFile);
        new SessionFile(folder.Token).Write(SavedSessions.None.With(silo, session));
        Api = new SiloApi(silo, session.Token, surroundings.Http());
        Graph = new GraphWatch(Api, new EventStream(Api, surroundings.Time), node =>
        {
            if (node.Kind == "device") Say($"{node.Name}: {node.Look}");
        });
        Say($"The silo answers at {SiloAddress}.");
        return ready;
    }

    private async Task StartDashboardAsync(CancellationToken ct)
    {
        var readyFile = folder.Fresh(folder.At("dashboard-ready"));
        await children.StartAsync("dashboard", folder.Log("dashboard"), folder.Path,
            programs.Dashboard, "--silo", SiloAddress, "--listen", $"http://127.0.0.1:{FreePort(options.Port)}", "--ready-file", readyFile, "--state", folder.Folder("dashboard"));
        await Arrival.OfAsync(readyFile, ct);
        DashboardAddress = (await File.ReadAllTextAsync(readyFile, ct)).Trim();
        Say($"The dashboard answers at {DashboardAddress}.");
    }

    /// <summary>Only for devices that have not joined: a second run over the same state enrols nothing.</summary>
    private async Task WriteJoinTokenAsync(CancellationToken ct)
    {
        File.Delete(folder.JoinToken);
        var known = (await Api!.DevicesAsync(null, null, ct)).Items.Select(one => one.Name).ToHashSet();
        var missing = devices.Count(device => !known.Contains(device.Name));
        if (missing == 0) return;
        var token = await Api.CreateTokenAsync(new JoinTokenRequest(missing, 3600, AutoApprove: true), ct);
        var file = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        await using var writer = new StreamWriter(folder.JoinToken, file);
        await writer.WriteLineAsync(token.Token);
    }

    private async Task AcceptSoftwareAsync(CancellationToken ct)
    {
        var policy = await Api!.PolicyAsync(ct);
        if (!policy.Tiers.Contains("software")) await Api.SetPolicyAsync(new PolicyUpdate(Tiers: [.. policy.Tiers, "software"]), ct);
    }

    private async Task LearnAsync(CancellationToken ct)
    {
        await Graph!.UntilAsync(() => NodeOf(devices[0])?.ProvenAt is not null, ct);
        var learnt = await Api!.LearnAsync(NodeOf(devices[0])!.Id, ct);
        Say($"Reference values of {learnt.Model} are learnt from {devices[0].Name}: {learnt.Files.Count} files.");
    }

    /// <summary>The port, or the next one that nobody uses. 0 lets the dashboard take any.</summary>
    private static int FreePort(int first)
    {
        for (var port = first; port is > 0 and <= IPEndPoint.MaxPort; port++)
        {
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // The next one, then.
            }
        }
        return 0;
    }

    private void Say(string text) => surroundings.Error.WriteLine(Output.Shown.Line(text));
}
