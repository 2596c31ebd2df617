namespace TrustMesh.Host.Settings;

/// <summary>The command line as configuration keys. Unknown options are mistakes, not silence.</summary>
public static class CommandLine
{
    private static readonly (string Option, string Key, bool Repeatable, string Help)[] Options =
    [
        ("--state", "State", false, "DIR              database and keys; created with mode 0700 (./silo-state)"),
        ("--mesh", "Mesh", false, "NAME              name of the mesh, fixed at the first start (mesh)"),
        ("--device-listen", "DeviceListen", false, "IP:PORT  mutual TLS for devices; port 0 takes a free one (127.0.0.1:7443)"),
        ("--operator-listen", "OperatorListen", false, "IP:PORT  API for operators (127.0.0.1:7080)"),
        ("--device-names", "DeviceNames", false, "A,B       names and addresses devices dial, for the certificate (localhost,127.0.0.1)"),
        ("--operator-certificate", "OperatorCertificate", false, "FILE  PEM; required when operators are not on loopback"),
        ("--operator-key", "OperatorKey", false, "FILE      PEM, beside --operator-certificate"),
        ("--operator-origin", "OperatorOrigins", true, "URL    where people open the dashboard and sign in with passkeys, such as https://mesh.example; may be repeated (http://localhost, any port)"),
        ("--oidc-issuer", "OidcIssuer", false, "URL        OpenID provider whose word counts, as it writes itself"),
        ("--oidc-client", "OidcClient", false, "ID         our client there"),
        ("--oidc-group", "OidcGroups", true, "GROUP=ROLE[@SITE,...]  what members of a group may do; may be repeated"),
        ("--oidc-group-claim", "OidcGroupClaim", false, "NAME  claim with the groups (groups)"),
        ("--oidc-secret-file", "OidcSecretFile", false, "FILE  our client's secret, mode 0600; without it PKCE alone"),
        ("--oidc-scope", "OidcScope", false, "SCOPES     what is asked for (openid profile, and offline_access where the provider knows it)"),
        ("--oidc-refresh", "OidcRefresh", false, "MINUTES  how often the provider is asked again for everybody it vouched for (5)"),
        ("--oidc-grace", "OidcGrace", false, "MINUTES    how long their sessions go on after that while it does not answer (15)"),
        ("--webhook-private", "WebhookPrivate", false, "NET,NET  networks of our own that webhooks may go to, such as 10.4.0.0/16 (none: only public addresses)"),
        ("--ek-roots", "EkRoots", true, "FILE          certificates of TPM makers, PEM or DER; may be repeated"),
        ("--auto-approve-ek", "AutoApproveEk", false, "FILE   hex SHA-256 of root keys, one a line, admitted without an operator"),
        ("--ready-file", "ReadyFile", false, "FILE        JSON with both addresses and the authority's pin, written when listening"),
        ("--code-file", "CodeFile", false, "FILE         the one-time admin code, mode 0600; else it is printed. SIGHUP makes a fresh one"),
        ("--lifetime", "Lifetime", false, "SECONDS       how long a verdict counts (60)"),
        ("--authority-key", "AuthorityKey", false, "FILE    the mesh authority's key, the same at every silo of a cluster (authority.key in the state directory)"),
        ("--cluster", "Cluster", false, "URI           Redis where the silos of a cluster find each other: redis(s)://host:port"),
        ("--cluster-secret-file", "ClusterSecretFile", false, "FILE  its password, mode 0600"),
        ("--cluster-ca", "ClusterCa", false, "FILE       PEM of the authority that signed its certificate, where the system does not know it"),
        ("--storage", "Storage", false, "URI           where a cluster keeps everything: azure-blob://ACCOUNT.blob.core.windows.net/CONTAINER or redis(s)://host:port"),
        ("--storage-secret-file", "StorageSecretFile", false, "FILE  its key or password, mode 0600"),
        ("--storage-ca", "StorageCa", false, "FILE       as --cluster-ca"),
        ("--silo-name", "SiloName", false, "NAME        of this silo in its cluster (the host's name)"),
        ("--silo-listen", "SiloListen", false, "IP:PORT   mutual TLS for the other silos (127.0.0.1:11111)"),
        ("--silo-address", "SiloAddress", false, "IP:PORT  where the others reach it (as --silo-listen)"),
        ("--interval", "Interval", false, "SECONDS       how often devices prove themselves (20)"),
    ];

    public static string Help { get; } =
        "trustmesh-silo: enrols devices, judges them, keeps their twins, serves the operators' API.\n\n"
        + string.Concat(Options.Select(option => $"  {option.Option} {option.Help}\n"))
        + "  --sbom                    alone: prints what this program is made of, as CycloneDX 1.6, and ends\n"
        + "\nThe same keys stand in appsettings.json and /etc/trustmesh/silo.json under \"TrustMesh\" (State, Mesh, DeviceListen, …, Limits:DeviceRate)\n"
        + "and in the environment as TRUSTMESH__STATE, …; the command line wins.\n";

    public static bool AsksForHelp(IReadOnlyList<string> arguments) => arguments.Any(argument => argument is "--help" or "-h" or "help");

    /// <summary>Keys and values; mistakes are added to <paramref name="errors"/>.</summary>
    public static Dictionary<string, string?> Parse(IReadOnlyList<string> arguments, List<string> errors)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = arguments[i].IndexOf('=') is var at and > 0 ? (arguments[i][..at], arguments[i][(at + 1)..]) : (arguments[i], null);
            var option = Options.FirstOrDefault(candidate => candidate.Option == name);
            if (option.Option is null)
            {
                errors.Add($"{name} is not an option; see --help.");
                continue;
            }
            if (value is null && ++i == arguments.Count)
            {
                errors.Add($"{name} needs a value; see --help.");
                break;
            }
            value ??= arguments[i];
            var key = $"TrustMesh:{option.Key}";
            if (option.Repeatable) values[$"{key}:{values.Keys.Count(existing => existing.StartsWith(key, StringComparison.Ordinal))}"] = value;
            else if (!values.TryAdd(key, value)) errors.Add($"{name} is given twice.");
        }
        return values;
    }
}
