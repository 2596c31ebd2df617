using System.Globalization;
using System.Net;

namespace TrustMesh.Cli.Demo;

/// <summary>
/// A network namespace for every device: each has its own interfaces, its own address and its own packet filter, as a real device has. They hang
/// on a bridge in a namespace of its own, and one more cable leads to the machine, where the silo listens. No default route, no forwarding, no
/// address translation: nothing leaves the machine.
/// </summary>
internal sealed class NamespaceNetwork : INetwork
{
    /// <summary>Markers of all runs.</summary>
    public const string Markers = "/run/trustmesh-demo";

    private const string Bridge = "mesh";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly RunMarker marker;
    private readonly IPNetwork range;

    private NamespaceNetwork(RunMarker marker, IPNetwork range) => (this.marker, this.range) = (marker, range);

    public IPAddress Silo => At(1);

    private string Hub => $"{marker.Prefix}-hub";

    /// <summary>The end of the cable on the machine. An interface's name has at most 15 characters.</summary>
    private string Cable => $"{marker.Prefix}r";

    public Place PlaceOf(int device) => new(new IPEndPoint(At(device + 1), Place.PeerPort), NameOf(device));

    /// <summary>Makes the network, or says why this machine can not have one. Removes what runs that were killed left behind.</summary>
    /// <returns>The network, or the reason as the rest of a sentence.</returns>
    public static async Task<(NamespaceNetwork? Network, string Why)> TryMakeAsync(int devices, CancellationToken ct)
    {
        if (!OperatingSystem.IsLinux()) return (null, "network namespaces are Linux's");
        if (!Environment.IsPrivilegedProcess) return (null, "only root can make network namespaces");
        foreach (var tool in (string[])["ip", "nft"])
            if (Tool.TryFind(tool) is null) return (null, $"{tool} is not installed");
        await SweepAsync(Markers);
        var routes = await Tool.RunAsync(["ip", "-4", "-json", "route", "show", "table", "all"], ct);
        if (routes.Code != 0) return (null, $"ip does not say what routes there are: {routes.Error.Trim()}");
        if (PrivateRange.Free(PrivateRange.Taken(routes.Output), Environment.ProcessId) is not { } range) return (null, "every private range of addresses is in use on this machine");
        var network = new NamespaceNetwork(RunMarker.Take(Markers), range);
        try
        {
            if (await network.BuildAsync(devices, ct) is not { } problem) return (network, "");
            await network.DisposeAsync();
            return (null, $"this machine can not make network namespaces: {problem}");
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whatever still runs in the namespaces has to have ended: they live as long as their processes.</summary>
    public async ValueTask DisposeAsync()
    {
        await RemoveAsync(marker);
        marker.Dispose();
    }

    /// <summary>Removes the namespaces of runs that are over without having removed them.</summary>
    internal static async Task SweepAsync(string markers)
    {
        foreach (var left in RunMarker.Abandoned(markers))
        {
            await RemoveAsync(left);
            left.Dispose();
        }
    }

    /// <summary>Null, or what ip said.</summary>
    private async Task<string?> BuildAsync(int devices, CancellationToken ct)
    {
        var numbers = Enumerable.Range(1, devices).ToList();
        var bits = range.PrefixLength;
        var problem = await BatchAsync([],
        [
            $"netns add {Hub}", .. numbers.Select(device => $"netns add {NameOf(device)}"),
            $"link add {Cable} type veth peer name machine netns {Hub}",
            .. numbers.Select(device => $"link add p{device} netns {Hub} type veth peer name eth0 netns {NameOf(device)}"),
            $"addr add {Silo}/{bits} dev {Cable}", $"link set {Cable} up",
        ], ct);
        problem ??= await BatchAsync(["-n", Hub],
        [
            $"link add {Bridge} type bridge", $"link set {Bridge} up", $"link set dev machine master {Bridge} up",
            .. numbers.Select(device => $"link set dev p{device} master {Bridge} up"),
        ], ct);
        foreach (var device in numbers)
            problem ??= await BatchAsync(["-n", NameOf(device)], ["link set lo up", $"addr add {At(device + 1)}/{bits} dev eth0", "link set eth0 up"], ct);
        return problem;
    }

    private static async Task<string?> BatchAsync(IReadOnlyList<string> where, IReadOnlyList<string> lines, CancellationToken ct)
    {
        var (code, _, error) = await Tool.RunAsync(["ip", .. where, "-batch", "-"], ct, string.Join('\n', lines) + "\n");
        return code == 0 ? null : error.ReplaceLineEndings(" ").Trim();
    }

    private static async Task RemoveAsync(RunMarker marker)
    {
        using var limit = new CancellationTokenSource(Limit);
        var names = NamesOf(marker.Prefix);
        // One of them may be gone already, so each is tried; the cable's other end goes with it.
        await Tool.RunAsync(["ip", "-force", "-batch", "-"], limit.Token, string.Join('\n', [$"link del {marker.Prefix}r", .. names.Select(name => $"netns del {name}")]) + "\n");
        if (NamesOf(marker.Prefix).Count == 0) marker.Remove();
    }

    private static IReadOnlyList<string> NamesOf(string prefix)
        => Directory.Exists("/run/netns") ? [.. Directory.EnumerateFiles("/run/netns", prefix + "-*").Select(file => Path.GetFileName(file))] : [];

    private string NameOf(int device) => string.Create(CultureInfo.InvariantCulture, $"{marker.Prefix}-{device}");

    private IPAddress At(int host) => PrivateRange.Address(PrivateRange.Number(range.BaseAddress) + host);
}
