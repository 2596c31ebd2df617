using System.Net;

namespace TrustMesh.Dashboard.Hosting;

/// <summary>What the dashboard is started with.</summary>
/// <param name="Silos">Operator addresses of the silos of one mesh, without path, one to eight, none twice: any of them will do.</param>
/// <param name="Listen">Own address; port 0 takes a free one.</param>
/// <param name="ReadyFile">Gets the own address once connections are accepted.</param>
/// <param name="State">Folder for the keys that encrypt sign-in cookies; null keeps them in memory, so a restart signs everyone out.</param>
/// <param name="Hosts">Names under which a proxy in front serves the dashboard; loopback names are always accepted.</param>
public sealed record DashboardSettings(IReadOnlyList<Uri> Silos, Uri Listen, string? ReadyFile, string? State, IReadOnlyList<string> Hosts)
{
    private const int MostSilos = 8;

    public const string Help = """
        trustmesh-dashboard --silo URL[,URL...] [--listen URL] [--state DIR] [--ready-file FILE] [--host NAME]...

        Serves the live trust graph of one mesh.

          --silo URL         operator address of the silo, for example http://127.0.0.1:7480; of several silos give up to eight with
                             commas: any of them will do, and the next is asked when one can not be reached
          --listen URL       own address (http://127.0.0.1:7490); port 0 takes a free one. Plain http is served on loopback only:
                             to reach it from elsewhere put a proxy with TLS in front and name it with --host
          --state DIR        keeps the keys that encrypt sign-in cookies (mode 0600); without it a restart signs everyone out
          --ready-file FILE  written with the own address once the dashboard answers
          --host NAME        a host name under which a proxy serves the dashboard; may be given more than once
          --help             this text

        """;

    /// <exception cref="SettingsException">An argument is unknown, repeated, missing or not allowed.</exception>
    public static DashboardSettings Parse(IReadOnlyList<string> args)
    {
        var given = new Dictionary<string, string>();
        var hosts = new List<string>();
        for (var i = 0; i < args.Count; i += 2)
        {
            if (args[i] is not ("--silo" or "--listen" or "--ready-file" or "--state" or "--host"))
                throw new SettingsException($"'{args[i]}' is not an option of trustmesh-dashboard; --help lists them.");
            if (i + 1 == args.Count)
                throw new SettingsException($"{args[i]} needs a value; --help shows an example.");
            if (args[i] == "--host")
                hosts.Add(args[i + 1]);
            else if (!given.TryAdd(args[i], args[i + 1]))
                throw new SettingsException($"{args[i]} is given twice; keep one.");
        }
        if (!given.TryGetValue("--silo", out var silo))
            throw new SettingsException("--silo is missing; give the operator address of the silo, for example --silo http://127.0.0.1:7480.");
        return new DashboardSettings(
            Addresses(silo),
            Address("--listen", given.GetValueOrDefault("--listen", "http://127.0.0.1:7490")),
            given.GetValueOrDefault("--ready-file"),
            given.GetValueOrDefault("--state"),
            hosts);
    }

    private static IReadOnlyList<Uri> Addresses(string text)
    {
        var silos = text.Split(',').Select(one => Address("--silo", one.Trim())).ToList();
        if (silos.Count > MostSilos)
            throw new SettingsException($"--silo has {silos.Count} addresses; give at most {MostSilos}.");
        if (silos.Distinct().Count() < silos.Count)
            throw new SettingsException($"--silo '{text}' has an address twice; keep one.");
        return silos;
    }

    private static Uri Address(string option, string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.PathAndQuery != "/")
            throw new SettingsException($"{option} '{text}' is not an address; write it like http://127.0.0.1:7490, without a path.");
        // A bearer token or a cookie in clear text on a network is anybody's (A47).
        if (address.Scheme == "http" && !IsLoopback(address))
            throw new SettingsException($"{option} '{text}' is plain http outside this machine; use a 127.0.0.1 address, or https.");
        if (option == "--listen" && address.Scheme == "https")
            throw new SettingsException("--listen serves plain http on loopback; put a proxy with TLS in front and name it with --host.");
        return address;
    }

    private static bool IsLoopback(Uri address) =>
        address.Host == "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
