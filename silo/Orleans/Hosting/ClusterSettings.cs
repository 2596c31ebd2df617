using System.Net;
using TrustMesh.Orleans.Settings;
using TrustMesh.Wire;

namespace TrustMesh.Orleans.Hosting;

/// <summary>How a silo takes part in its cluster.</summary>
/// <param name="Name">Unique among the silos of the mesh.</param>
/// <param name="Listen">For the other silos; mutual TLS by the mesh's authority.</param>
/// <param name="Advertised">Where the others reach it.</param>
public sealed record ClusterSettings(StorageSettings Storage, string Name, IPEndPoint Listen, IPEndPoint Advertised)
{
    public const int StandardPort = 11111;

    /// <summary>Keys Cluster, Storage and what belongs to them, SiloName, SiloListen, SiloAddress. Null if no cluster is asked for, or there were mistakes.</summary>
    /// <param name="errors">Gets every mistake as a sentence with its fix.</param>
    public static ClusterSettings? Read(Func<string, string?> value, List<string> errors)
    {
        var before = errors.Count;
        var storage = StorageSettings.Read(value, errors);
        var name = value("SiloName") ?? Environment.MachineName.ToLowerInvariant();
        if (!Grammar.IsName(name)) errors.Add($"SiloName '{Grammar.Fit(name)}' must be 1 to 63 of a-z, 0-9, '.' and '-', the first a letter or digit.");
        var listen = Endpoint("SiloListen", value("SiloListen") ?? $"127.0.0.1:{StandardPort}", errors);
        var advertised = Endpoint("SiloAddress", value("SiloAddress") ?? listen.ToString(), errors);
        if (advertised.Address.Equals(IPAddress.Any) || advertised.Address.Equals(IPAddress.IPv6Any))
            errors.Add($"SiloAddress {advertised} is no address others can reach; give this machine's own with --silo-address.");
        if (advertised.Port == 0) errors.Add("SiloListen needs a port: the other silos have to find it.");
        return errors.Count == before && storage is not null ? new(storage, name, listen, advertised) : null;
    }

    private static IPEndPoint Endpoint(string key, string text, List<string> errors)
    {
        if (IPEndPoint.TryParse(text, out var endpoint) && text.LastIndexOf(':') > text.LastIndexOf(']')) return endpoint;
        errors.Add($"{key} '{Grammar.Fit(text)}' must be an address and a port, such as 10.0.0.1:{StandardPort}.");
        return new(IPAddress.Loopback, StandardPort);
    }
}
