using System.Globalization;
using System.Net;
using TrustMesh.Cli.Demo;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.EndToEnd;

/// <summary>
/// Three networks with two devices each, a router between them, and the silo behind the router on this machine. Cables can be cut and mended, and
/// the router can keep the silo from networks that still reach each other.
/// </summary>
internal sealed class ThreeNetworks : INetwork
{
    private static int made;

    /// <summary>Where each device is: TPM and token share a network twice.</summary>
    private static readonly int[] NetworkOf = [0, 1, 2, 2, 0, 1];

    private const int Count = 3, RouterHost = 1, FirstHost = 10, StrangerHost = 99;

    private readonly IPNetwork range;
    private readonly NetworkNamespace router = NetworkNamespace.Create();
    private readonly List<NetworkSegment> segments = [];
    private readonly List<NetworkNamespace> devices = [];

    private ThreeNetworks(IPNetwork range) => this.range = range;

    public IPAddress Silo => At(Count, 2);

    /// <summary>The end of the cable on this machine; it is gone with the router. Of its own for each, in at most 15 characters.</summary>
    private string Cable { get; } = string.Create(CultureInfo.InvariantCulture, $"tmt{Environment.ProcessId}u{Interlocked.Increment(ref made) % 100}");

    /// <summary>Makes everything; skips the test where this machine or user can not.</summary>
    public static async Task<ThreeNetworks> MakeAsync()
    {
        var (_, routes, _) = await Tool.RunAsync(["ip", "-4", "-json", "route", "show", "table", "all"], CancellationToken.None);
        var range = PrivateRange.Free(PrivateRange.Taken(routes), ~Environment.ProcessId);
        Assert.SkipWhen(range is null, "every private range of addresses is in use on this machine");
        var networks = new ThreeNetworks(range!.Value);
        try
        {
            networks.Build();
            return networks;
        }
        catch
        {
            await networks.DisposeAsync();
            throw;
        }
    }

    public Place PlaceOf(int device) => new(new IPEndPoint(AddressOf(device), Place.PeerPort), NamespaceOf(device).Name);

    public NetworkNamespace NamespaceOf(int device) => devices[device - 1];

    public IPAddress AddressOf(int device) => At(NetworkOf[device - 1], FirstHost + device);

    /// <summary>Numbers of the devices in a network (0 to 2).</summary>
    public static IReadOnlyList<int> DevicesIn(int network) => [.. Enumerable.Range(1, NetworkOf.Length).Where(device => NetworkOf[device - 1] == network)];

    /// <summary>Pulls the cable between a network and the router.</summary>
    public void Cut(int network) => segments[network].Cut(router);

    /// <summary>Puts it back. A router's route goes with its cable, and comes back with it.</summary>
    public void Mend(int network) => segments[network].Mend(router);

    /// <summary>The router lets nothing pass between the silo and these networks.</summary>
    public void KeepSiloFrom(params int[] networks)
        => Nft($"table inet apart {{\n chain forward {{\n type filter hook forward priority 0\n {string.Concat(networks.Select(network => $"ip saddr {NetOf(network)} ip daddr {Silo} drop\n ip saddr {Silo} ip daddr {NetOf(network)} drop\n"))} }}\n}}");

    public void LetSiloPass() => Nft("add table inet apart\ndelete table inet apart");

    /// <summary>As it was made.</summary>
    public void MendAll()
    {
        for (var network = 0; network < Count; network++) Mend(network);
        LetSiloPass();
    }

    /// <summary>A machine that is no device, in one of the networks. The caller disposes it.</summary>
    public NetworkNamespace Stranger(int network)
    {
        var stranger = NetworkNamespace.Create();
        Join(stranger, network, StrangerHost);
        return stranger;
    }

    public ValueTask DisposeAsync()
    {
        foreach (var part in devices) part.Dispose();
        foreach (var segment in segments) segment.Dispose();
        router.Dispose();
        return default;
    }

    private void Build()
    {
        router.Run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        for (var network = 0; network < Count; network++)
        {
            var segment = NetworkSegment.Create();
            segments.Add(segment);
            segment.Attach(router, $"{At(network, RouterHost)}/24");
        }
        foreach (var network in NetworkOf)
        {
            var device = NetworkNamespace.Create();
            devices.Add(device);
            Join(device, network, FirstHost + devices.Count);
        }
        Here("link", "add", Cable, "type", "veth", "peer", "name", "silo", "netns", router.Name);
        router.Run("ip", "address", "add", $"{At(Count, RouterHost)}/24", "dev", "silo");
        router.Run("ip", "link", "set", "silo", "up");
        Here("address", "add", $"{Silo}/24", "dev", Cable);
        Here("link", "set", Cable, "up");
        for (var network = 0; network < Count; network++) Here("route", "add", NetOf(network), "via", $"{At(Count, RouterHost)}", "dev", Cable);
    }

    private void Join(NetworkNamespace machine, int network, int host)
    {
        segments[network].Attach(machine, $"{At(network, host)}/24");
        machine.Run("ip", "route", "add", range.ToString(), "via", $"{At(network, RouterHost)}");
    }

    private void Nft(string script)
    {
        var (code, _, error) = Tool.RunAsync([.. router.Enter, Tool.Find("nft"), "-f", "-"], CancellationToken.None, script + "\n").GetAwaiter().GetResult();
        Assert.True(code == 0, error);
    }

    private static void Here(params string[] arguments)
    {
        var (code, _, error) = Command.Run("/", "ip", arguments);
        Assert.True(code == 0, $"ip {string.Join(' ', arguments)}: {error}");
    }

    private string NetOf(int network) => $"{At(network, 0)}/24";

    private IPAddress At(int network, int host) => PrivateRange.Address(PrivateRange.Number(range.BaseAddress) + (network << 8) + host);
}
