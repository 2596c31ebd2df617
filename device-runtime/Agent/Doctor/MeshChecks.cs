using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using TrustMesh.Agent.Admission;
using TrustMesh.Agent.Configuration;
using TrustMesh.Agent.Door;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Doctor;

/// <summary>Checks what the agent needs among its peers: the socket for applications, the firewall, the port peers knock at, the addresses they are told.
/// Changes nothing.</summary>
internal sealed class MeshChecks(AgentConfig config, bool running)
{
    private const int Dns = 53;

    public async IAsyncEnumerable<CheckUp> RunAsync()
    {
        yield return Socket();
        await foreach (var check in AdmissionAsync()) yield return check;
        if (config.Peer is not { } peer)
        {
            yield return CheckUp.Note("peer", "this device neither examines peers nor can be examined.", "add \"peer\" to the configuration.");
            yield break;
        }
        if (peer.Listen is not { } listen)
        {
            yield return CheckUp.Note("peer", "this device examines others and is examined only on connections it dials.", "add \"listen\" under \"peer\", unless nobody can reach this device.");
            yield break;
        }
        yield return Port(listen);
        foreach (var check in Addresses(listen, peer.Addresses)) yield return check;
    }

    private CheckUp Socket()
    {
        var settings = config.Door;
        if (running) return CheckUp.Ok("socket", $"{settings.Path} is the running agent's.");
        var directory = Path.GetDirectoryName(settings.Path);
        if (directory == config.State && !Directory.Exists(directory)) return CheckUp.Ok("socket", $"{settings.Path} will be made at the first start.");
        return DoorSocket.Problem(settings) is { } problem ? CheckUp.Fail("socket", problem) : CheckUp.Ok("socket", $"applications will ask at {settings.Path} (mode {Convert.ToString((int)settings.Mode, 8)}).");
    }

    private async IAsyncEnumerable<CheckUp> AdmissionAsync()
    {
        var settings = config.Doors;
        var table = NftTable.Of(config.State);
        if (settings.Mode == AdmissionSettings.Off)
        {
            yield return Nft.IsUsable && !running && await NftAdmission.IsThereAsync(Nft.Find(), table, CancellationToken.None)
                ? CheckUp.Note("admission", "off, and the doors an earlier run closed are still closed.", "start the agent, or: trustmesh-agent admission open --config FILE")
                : CheckUp.Ok("admission", "off: applications ask the agent, and the kernel keeps nobody out.");
            yield break;
        }
        yield return await NftablesAsync(settings, table);
        if (settings.Allow.Count == 0) yield return CheckUp.Note("allow", "nobody but accepted peers comes in, not even to administer this device.", "put your own network on \"allow\", such as \"10.1.0.0/16 tcp 22\".");
        var names = config.Silos.Select(silo => silo.DnsSafeHost).Where(host => !IPAddress.TryParse(host, out _)).ToList();
        if (names.Count > 0 && !settings.Allow.Any(rule => rule.Protocol == AllowedProtocol.Any || (rule.Protocol == AllowedProtocol.Udp && rule.Port == Dns)))
            yield return CheckUp.Note("dns", $"{names[0]} is a name, and no entry of \"allow\" lets this device ask for its address.", "add your resolver, such as \"10.0.0.2 udp 53\", or write the silo's address.");
    }

    private async Task<CheckUp> NftablesAsync(AdmissionSettings settings, NftTable table)
    {
        try
        {
            return await NftAdmission.ProblemAsync(Nft.Find(), table, config.PeerPort, settings.Allow, CancellationToken.None) is { } problem
                ? CheckUp.Fail("admission", $"nft can not close the doors: {problem}.", "look whether the kernel has nf_tables and conntrack: modprobe nf_tables nf_conntrack")
                : CheckUp.Ok("admission", $"nft is there and permitted; {settings.Allow.Count} entries are allowed besides accepted peers.");
        }
        catch (IOException failed)
        {
            return CheckUp.Fail("admission", failed.Message);
        }
    }

    private CheckUp Port(IPEndPoint listen)
    {
        if (running) return CheckUp.Ok("peer", $"{listen} is the running agent's.");
        try
        {
            using var listener = new Socket(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(listen);
            return CheckUp.Ok("peer", $"{listen} is free.");
        }
        catch (SocketException failed)
        {
            return CheckUp.Fail("peer", $"{listen} can not be listened at: {failed.Message}.", failed.SocketErrorCode == SocketError.AddressAlreadyInUse ? "see who listens there (ss -ltnp), or choose another port under \"peer\"." : "write an address of this device under \"peer\", or 0.0.0.0 for all.");
        }
    }

    /// <summary>What peers are told is not wrong for being unusual (address translation); who reads it should know, though.</summary>
    private static IEnumerable<CheckUp> Addresses(IPEndPoint listen, IReadOnlyList<string> addresses)
    {
        if (addresses.Count == 0) yield return CheckUp.Note("addresses", "peers are not told where this device is; it can examine, and only those it dials can examine it.", "add \"addresses\" under \"peer\".");
        var own = NetworkInterface.GetAllNetworkInterfaces().SelectMany(one => one.GetIPProperties().UnicastAddresses).Select(one => one.Address).ToHashSet();
        foreach (var text in addresses)
        {
            if (!PeerAddress.TryParse(text, out var host, out var port)) continue;
            var literal = IPAddress.TryParse(host, out var address);
            yield return literal && IPAddress.IsLoopback(address!) && !IPAddress.IsLoopback(listen.Address) ? CheckUp.Note("addresses", $"{text} is a loopback address: every peer would find itself there.", "write an address other devices can reach.")
                : literal && (address!.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)) ? CheckUp.Fail("addresses", $"{text} is no address anybody can reach.", "write an address other devices can reach.")
                : port != listen.Port ? CheckUp.Note("addresses", $"{text} has another port than the listener ({listen.Port}).", "make them the same, unless a router translates between them.")
                : literal && !own.Contains(address!) ? CheckUp.Note("addresses", $"{text} is not an address of this device.", "correct it, unless a router translates it.")
                : CheckUp.Ok("addresses", $"peers are told {text}.");
        }
    }
}
