using System.Runtime.Versioning;
using System.Text.Json;
using TrustMesh.Cli;
using TrustMesh.Cli.Api;
using TrustMesh.Cli.Demo;
using TrustMesh.Contracts;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.EndToEnd;

/// <summary>
/// Six devices on three networks, four with a TPM and two with a token, a silo, and the kernel's doors: started at the first test that wants
/// them, whole again before each. Every wait is for a change of the live graph.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class AcrossNetworks : IAsyncLifetime
{
    /// <summary>A handful of lifetimes of a verdict (15 s), on a machine that has other things to do.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly string state = Directory.CreateTempSubdirectory("trustmesh-networks-").FullName;
    private readonly StringWriter said = new();
    private readonly HashSet<string> gone = [];
    private DemoFolder? folder;
    private string good = "";

    internal ThreeNetworks Networks { get; private set; } = null!;

    internal Children Children { get; } = new();

    internal DemoMesh Mesh { get; private set; } = null!;

    /// <summary>Devices that are not revoked.</summary>
    internal IReadOnlyList<DemoDevice> Devices => [.. Mesh.Devices.Where(device => !gone.Contains(device.Name))];

    /// <summary>The programs without which nothing of this can be; to be asked in the constructor of a test.</summary>
    internal static void Needs()
    {
        RunningDemo.Needs();
        foreach (var (tool, package) in (IEnumerable<(string, string)>)[("ip", "iproute2"), ("nft", "nftables"), ("softhsm2-util", "softhsm2"), ("pkcs11-tool", "opensc")])
            Assert.SkipUnless(Command.Exists(tool) || File.Exists($"/usr/sbin/{tool}"), $"{tool} is not installed (apt-get install {package})");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "network namespaces can only be made as root");
    }

    /// <summary>Mends, restarts and restores whatever a test before left cut, stopped or changed, and returns when every device trusts every other one.</summary>
    internal async Task WholeAsync()
    {
        if (Mesh is null) await StartAsync();
        Networks.MendAll();
        await Mesh!.Silos.StartAsync(CancellationToken.None);
        foreach (var device in Devices)
        {
            if (Children.Find(device.AgentName) is not { Exited.IsCompleted: false }) await Mesh.StartAgentAsync(device, CancellationToken.None);
            if (await File.ReadAllTextAsync(device.Sensitive) != good) await File.WriteAllTextAsync(device.Sensitive, good);
            // Its peers may have suspended it, as many of them as policy asks for.
            if ((await Mesh.Api.DeviceAsync(IdOf(device), CancellationToken.None)).Device.Standing == "suspended")
                await Mesh.Api.DecideAsync(IdOf(device), "resume", new Decision("put right"), CancellationToken.None);
        }
        await UntilAsync(IsWhole, "every device trusts every other one");
    }

    internal bool IsWhole() => Devices.All(one => Devices.All(other => one == other || Trusts(one, other))) && Devices.All(Mesh.IsTrusted);

    /// <summary>One device's word on another counts now, and is good.</summary>
    internal bool Trusts(DemoDevice one, DemoDevice other)
        => Mesh.NodeOf(one) is { } from && Mesh.NodeOf(other) is { } to && Mesh.Graph!.Trusts(from.Id, to.Id);

    /// <summary>What one device last said of another, as the graph has it.</summary>
    internal GraphEdge? EdgeOf(DemoDevice one, DemoDevice other)
        => Mesh.NodeOf(one) is { } from && Mesh.NodeOf(other) is { } to ? Mesh.Graph!.Edges.GetValueOrDefault((from.Id, to.Id)) : null;

    internal DemoDevice Device(int number) => Mesh.Devices[number - 1];

    /// <summary>Waits, by the live graph, until it is so; a silo that is away is waited for.</summary>
    internal async Task UntilAsync(Func<bool> isSo, string what)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Children.Died);
        limit.CancelAfter(Patience);
        try
        {
            await Mesh.UntilAsync(isSo, limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Not within {Patience.TotalSeconds:0} s: {what}.\n{Children.Dead?.Obituary()}\n{await DemoAutopsy.WhyAsync(Mesh, Children)}\n{said}");
        }
    }

    /// <summary>For the tests after this one: the device will not come back.</summary>
    internal void IsGone(DemoDevice device) => gone.Add(device.Name);

    /// <summary>Runs a command of the agent on a device's own shell.</summary>
    internal async Task<(int Code, string Output, string Error)> AgentAsync(DemoDevice device, params string[] command)
    {
        using var limit = new CancellationTokenSource(Patience);
        return await Tool.RunAsync([.. Mesh.PlaceOf(device).Enter, Mesh.AgentProgram, .. command, "--config", device.Config], limit.Token);
    }

    /// <summary>Waits until a device's agent says this of a peer to an application.</summary>
    internal Task<JsonElement> SaysAsync(DemoDevice device, DemoDevice peer, Func<JsonElement, bool> isSo) => Door.UntilAsync(device.Door, peer.Name, isSo, Patience);

    internal string IdOf(DemoDevice device) => Mesh.NodeOf(device)!.Id;

    internal IReadOnlyList<DemoDevice> DevicesIn(int network) => [.. Devices.Where(device => ThreeNetworks.DevicesIn(network).Contains(device.Number))];

    /// <summary>Waits until the silo knows that these devices enforce the newest status list; looks again whenever the graph moves.</summary>
    internal async Task UntilAcknowledgedAsync(IReadOnlyList<DemoDevice> devices)
    {
        using var limit = new CancellationTokenSource(Patience);
        var last = await Mesh.Api.PropagationAsync(null, limit.Token);
        try
        {
            while (true)
                await foreach (var _ in new EventStream(Mesh.Api, TimeProvider.System).DeltasAsync((await Mesh.Api.GraphAsync(limit.Token)).Sequence, limit.Token))
                {
                    if (last.Waiting.Count == 0 && devices.All(device => last.Acks.Any(ack => ack.Name == device.Name))) return;
                    last = await Mesh.Api.PropagationAsync(null, limit.Token);
                }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Status list {last.Serial} is not acknowledged by {string.Join(", ", last.Waiting)} within {Patience.TotalSeconds:0} s.");
        }
    }

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        await Children.DisposeAsync();
        Mesh?.Dispose();
        if (Networks is not null) await Networks.DisposeAsync();
        folder?.Dispose();
        Directory.Delete(state, recursive: true);
    }

    private async Task StartAsync()
    {
        Networks = await ThreeNetworks.MakeAsync();
        folder = DemoFolder.Open(state);
        var surroundings = new Surroundings(TextReader.Null, TextWriter.Null, TextWriter.Synchronized(said), false, false, _ => null, () => new SocketsHttpHandler(), TimeProvider.System, CancellationToken.None);
        var options = new DemoOptions(Devices: 4, Software: 0, Hsm: 2, state, Port: 0, Check: false, Patience, Namespaces: true);
        Mesh = new(options, folder, Programs.Find(), Children, Networks, surroundings);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Children.Died);
        limit.CancelAfter(Patience);
        try
        {
            await Mesh.StartAsync(limit.Token);
            good = await File.ReadAllTextAsync(Mesh.Devices[0].Sensitive, limit.Token);
            // Everybody examines everybody.
            await Mesh.Api.SetPolicyAsync(new PolicyUpdate(Peers: Mesh.Devices.Count - 1), limit.Token);
        }
        catch (Exception failed) when (failed is OperationCanceledException or CommandFailure)
        {
            Assert.Fail($"The mesh did not start: {failed.Message}\n{Children.Dead?.Obituary()}\n{await DemoAutopsy.WhyAsync(Mesh, Children)}\n{said}");
        }
    }
}
