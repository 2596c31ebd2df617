using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Peers;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Admission;

/// <summary>
/// What this device itself may connect to before it knows who is there: the silos, the ports of peers the authority assigned, and what a person asks to
/// have examined. Not what a stranger names (attack A41). One caller of <see cref="NowAsync"/> at a time.
/// </summary>
internal sealed class WaysOut(PeerBook book, IReadOnlyList<Uri> silos, TimeProvider time, ILogger log, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    private static readonly TimeSpan ResolveAgain = TimeSpan.FromMinutes(1), LongestResolve = TimeSpan.FromSeconds(3), Visit = TimeSpan.FromMinutes(2);
    private const int MostVisits = 16;

    private readonly Dictionary<string, (long At, IPAddress[] Addresses)> names = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private readonly Dictionary<(string Host, int Port), long> visits = [];

    /// <summary>Adds an address for two minutes; false for a text that is none.</summary>
    public bool Add(string address)
    {
        if (PeerAddress.WithPort(address) is not { } full || !PeerAddress.TryParse(full, out var host, out var port)) return false;
        lock (gate)
        {
            var moment = time.GetTimestamp();
            foreach (var (visit, end) in visits.ToList())
                if (end <= moment) visits.Remove(visit);
            if (visits.Count >= MostVisits && !visits.ContainsKey((host, port))) visits.Remove(visits.MinBy(one => one.Value).Key);
            visits[(host, port)] = moment + (long)(Visit.TotalSeconds * time.TimestampFrequency);
        }
        return true;
    }

    public async Task<HashSet<IPEndPoint>> NowAsync(CancellationToken stop)
    {
        var moment = time.GetTimestamp();
        var wanted = silos.Select(silo => (Host: silo.DnsSafeHost, silo.Port)).ToList();
        foreach (var text in book.All.Where(peer => peer.Assigned).SelectMany(peer => peer.Addresses))
            if (PeerAddress.TryParse(text, out var host, out var port)) wanted.Add((host, port));
        lock (gate) wanted.AddRange(visits.Where(one => one.Value > moment).Select(one => one.Key));
        foreach (var old in names.Keys.Except(wanted.Select(one => one.Host)).ToList()) names.Remove(old);
        var endpoints = new HashSet<IPEndPoint>();
        foreach (var (host, port) in wanted)
            foreach (var address in await AddressesAsync(host, moment, stop)) endpoints.Add(new(address, port));
        return endpoints;
    }

    /// <summary>Of a name: what it was a minute ago at most; what it was last, while it can not be resolved.</summary>
    private async Task<IPAddress[]> AddressesAsync(string host, long moment, CancellationToken stop)
    {
        if (IPAddress.TryParse(host, out var literal)) return [literal];
        var known = names.TryGetValue(host, out var before);
        if (known && time.GetElapsedTime(before.At, moment) < ResolveAgain) return before.Addresses;
        var addresses = known ? before.Addresses : [];
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            limit.CancelAfter(LongestResolve);
            addresses = await resolve(host, limit.Token);
        }
        catch (Exception failed) when (failed is SocketException || (failed is OperationCanceledException && !stop.IsCancellationRequested))
        {
            if (!known) log.NotResolved(host, failed is SocketException ? failed.Message : "no answer");
        }
        names[host] = (moment, addresses);
        return addresses;
    }
}
