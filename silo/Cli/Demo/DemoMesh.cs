using System.Runtime.Versioning;
using TrustMesh.Cli.Api;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Demo;

/// <summary>
/// Brings a mesh up, in the order a person would: TPMs are manufactured and tokens initialised, the silo starts with the maker's root, an admin
/// signs in and makes a join token, agents and dashboard start, an operator admits what waits for one, reference values are learnt from the first
/// device, and then every device proves itself to the silo and to its peers. Every wait is for an event: a ready file, a change in the feed, or
/// the death of a child.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class DemoMesh : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly DemoOptions options;
    private readonly DemoFolder folder;
    private readonly Programs programs;
    private readonly Children children;
    private readonly INetwork network;
    private readonly Surroundings surroundings;
    private readonly TpmFactory factory;

    public DemoMesh(DemoOptions options, DemoFolder folder, Programs programs, Children children, INetwork network, Surroundings surroundings)
    {
        (this.options, this.folder, this.programs, this.children, this.network, this.surroundings) = (options, folder, programs, children, network, surroundings);
        factory = new(folder);
        Devices = DemoDevice.Of(folder, options);
        Silos = new(options.Silos, folder, programs, children, surroundings, network.Silo, factory.Roots);
    }

    public IReadOnlyList<DemoDevice> Devices { get; }

    public DemoSilos Silos { get; }

    public string DashboardAddress { get; private set; } = "";

    public string AgentProgram => programs.Agent;

    /// <summary>How many peers policy gives each device, once the silo has said so.</summary>
    public int Peers { get; private set; }

    /// <summary>Null until the silo runs.</summary>
    public GraphWatch? Graph { get; private set; }

    /// <summary>Signed in as admin. Only after the silo has started.</summary>
    public SiloApi Api => Silos.Api ?? throw new InvalidOperationException("The silo has not started.");

    /// <summary>Returns when every device is trusted, by the silo and by its peers.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        Say($"State: {folder.Path}");
        foreach (var device in Devices) device.WriteFiles();
        // The maker's root exists once it has made a TPM, and the silo wants it at its start.
        await MakeRootsAsync(ct);
        await Silos.StartAsync(ct);
        Graph = new GraphWatch(Api, new EventStream(Api, surroundings.Time), surroundings.Time, node =>
        {
            if (node.Kind == "device") Say($"{node.Name}: {node.Look}");
        });
        Say(Silos.AreSeveral ? $"{Silos.All.Count} silos answer, at {Silos.Address}." : $"The silo answers at {Silos.Address}.");
        await StartDashboardAsync(ct);
        var references = await Api.ReferencesAsync(ct);
        if (options.Software + options.Hsm > 0) await AcceptTiersAsync(ct);
        await WriteJoinTokenAsync(ct);
        foreach (var device in Devices) await StartAgentAsync(device, ct);
        await ApproveAsync(ct);
        if (references.All(one => one.Model != DemoDevice.Model)) await LearnAsync(ct);
        Say("Waiting for every device to be trusted, by the silo and by its peers ...");
        var started = (await Api.MeshAsync(ct)).StartedAt.ToUnixTimeSeconds();
        Peers = (await Api.PolicyAsync(ct)).Peers;
        // A verdict of an earlier run may still be fresh; it is not what a start waits for.
        await Graph!.UntilAsync(() => Devices.All(device => IsAsGoodAsItGets(device) && NodeOf(device)!.ProvenAt?.ToUnixTimeSeconds() >= started)
            && WithoutEnoughPeers(Peers).Count == 0, ct);
    }

    /// <summary>Starts a device's agent, again where it has ended.</summary>
    public Task StartAgentAsync(DemoDevice device, CancellationToken ct) => device.StartAgentAsync(children, programs, network.PlaceOf(device.Number), Silos.DeviceAddresses, ct);

    /// <summary>Follows the graph until it is as asked; while no silo runs, waits for one.</summary>
    public async Task UntilAsync(Func<bool> isSo, CancellationToken ct)
    {
        while (true)
        {
            var starts = Silos.Starts;
            try
            {
                await Graph!.UntilAsync(isSo, ct);
                return;
            }
            catch (Exception silent) when (silent is CommandFailure or IOException && (!Silos.IsRunning || Silos.Starts != starts))
            {
                await Silos.RunningAsync(ct);
            }
            catch (CommandFailure busy) when (Silos.AreSeveral && busy.Code is ExitCode.Failure or ExitCode.Timeout)
            {
                // One of them went away in the middle of an answer, or another takes over what was its: a pause between two tries, for as long as the caller has patience.
                await Task.Delay(Pause, surroundings.Time, ct);
            }
        }
    }

    public Place PlaceOf(DemoDevice device) => network.PlaceOf(device.Number);

    public bool IsTrusted(DemoDevice device) => NodeOf(device)?.Look == Looks.Trusted;

    /// <summary>A software root never gets better than a warning: its key can be copied.</summary>
    public bool IsAsGoodAsItGets(DemoDevice device) => IsTrusted(device) || device.Root == DemoRoot.Software && NodeOf(device)?.Look == Looks.Warning;

    /// <summary>The device on the graph, null until it has joined.</summary>
    public GraphNode? NodeOf(DemoDevice device) => Graph?.Devices.FirstOrDefault(node => node.Name == device.Name);

    /// <summary>
    /// Devices that do not stand to as many others as policy assigns them in the way both have examined each other and found each other good. Where
    /// there are no more devices than that, it is every pair.
    /// </summary>
    public IReadOnlyList<DemoDevice> WithoutEnoughPeers(int peers)
    {
        var trusting = Graph?.Trusting.ToHashSet() ?? [];
        // An edge whose way back is missing is a pair that has not judged each other.
        var mutual = trusting.Where(edge => trusting.Contains((edge.To, edge.From))).ToLookup(edge => edge.From);
        var halves = trusting.Where(edge => !trusting.Contains((edge.To, edge.From))).SelectMany(edge => (string[])[edge.From, edge.To]).ToHashSet();
        return [.. Devices.Where(device => NodeOf(device) is not { } node || halves.Contains(node.Id) || mutual[node.Id].Count() < Math.Min(peers, Devices.Count - 1))];
    }

    /// <summary>What everybody may know about the demo.</summary>
    public DemoStatus Status() => new(Silos.IsRunning ? "running" : "stopped", Silos.Address, DashboardAddress, folder.Path,
        [.. Devices.Select(device => new DemoDeviceStatus(device.Name, NodeOf(device)?.Look ?? "not joined", device.Root.ToString().ToLowerInvariant(),
            PlaceOf(device).Peers.ToString(), PlaceOf(device).Namespace, device.Config))],
        [.. Silos.All.Where(silo => !silo.IsRunning).Select(silo => silo.Name)]);

    public void Dispose() => Silos.Dispose();

    private async Task MakeRootsAsync(CancellationToken ct)
    {
        foreach (var device in Devices)
            if (device.Root == DemoRoot.Tpm)
            {
                await factory.ManufactureAsync(device, ct);
                await device.StartTpmAsync(children, ct);
            }
            else if (device.Root == DemoRoot.Hsm) await TokenFactory.InitialiseAsync(device, ct);
        Say($"{Shown(options.Devices, "TPM is", "TPMs are")} running{(options.Hsm == 0 ? "" : $", {Shown(options.Hsm, "token is", "tokens are")} initialised")}.");

        static string Shown(int count, string one, string many) => $"{count} {(count == 1 ? one : many)}";
    }

    private async Task StartDashboardAsync(CancellationToken ct)
    {
        var readyFile = folder.Fresh(folder.At("dashboard-ready"));
        await children.StartAsync("dashboard", folder.Log("dashboard"), folder.Path,
            programs.Dashboard, "--silo", Silos.Address, "--listen", $"http://127.0.0.1:{FreePort.From(options.Port)}", "--ready-file", readyFile, "--state", folder.Folder("dashboard"));
        await Arrival.OfAsync(readyFile, ct);
        // By name: a browser takes an address that is a number for nobody's, and keeps no passkeys for it.
        DashboardAddress = (await File.ReadAllTextAsync(readyFile, ct)).Trim().Replace("//127.0.0.1:", "//localhost:", StringComparison.Ordinal);
        Say($"The dashboard answers at {DashboardAddress}.");
    }

    /// <summary>Only for devices that have not joined: a second run over the same state enrols nothing.</summary>
    private async Task WriteJoinTokenAsync(CancellationToken ct)
    {
        File.Delete(folder.JoinToken);
        var known = (await Api.DevicesAsync(null, null, ct)).Items.Select(one => one.Name).ToHashSet();
        var missing = Devices.Count(device => !known.Contains(device.Name));
        if (missing == 0) return;
        var token = await Api.CreateTokenAsync(new JoinTokenRequest(missing, 3600, AutoApprove: true), ct);
        await PrivateFile.WriteAsync(folder.JoinToken, token.Token + "\n", ct);
    }

    /// <summary>What is not a TPM has to be wanted: each tier is a line of the policy.</summary>
    private async Task AcceptTiersAsync(CancellationToken ct)
    {
        var policy = await Api.PolicyAsync(ct);
        string[] wanted = [.. policy.Tiers, .. options.Software > 0 ? ["software"] : (string[])[], .. options.Hsm > 0 ? ["hardware-key"] : (string[])[]];
        if (wanted.Except(policy.Tiers).Any()) await Api.SetPolicyAsync(new PolicyUpdate(Tiers: [.. wanted.Distinct()]), ct);
    }

    /// <summary>A token has no certificate that says what it is, so no join token admits it: a person does, who knows the key. Here the demo is that person.</summary>
    private async Task ApproveAsync(CancellationToken ct)
    {
        foreach (var device in Devices.Where(one => one.Root == DemoRoot.Hsm))
        {
            await Graph!.UntilAsync(() => NodeOf(device) is not null, ct);
            if (NodeOf(device) is not { Standing: "pending" } waiting) continue;
            var identity = (await Api.DeviceAsync(waiting.Id, ct)).Identity;
            Say($"Approving {device.Name}, key {identity.RootKey[..16]}…: {identity.Endorsement}");
            await Api.DecideAsync(waiting.Id, "approve", new Decision($"Key {identity.RootKey}: the demo made this token itself."), ct);
        }
    }

    private async Task LearnAsync(CancellationToken ct)
    {
        await Graph!.UntilAsync(() => NodeOf(Devices[0])?.ProvenAt is not null, ct);
        var learnt = await Api.LearnAsync(NodeOf(Devices[0])!.Id, null, ct);
        Say($"Reference values of {learnt.Model} are learnt from {Devices[0].Name}: {learnt.Files.Count} files.");
    }

    private void Say(string text) => surroundings.Error.WriteLine(Output.Shown.Line(text));
}
