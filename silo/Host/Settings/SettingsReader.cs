using System.Net;
using Microsoft.Extensions.Configuration;
using TrustMesh.Contracts;
using TrustMesh.Host.Oidc;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Passkeys;
using TrustMesh.Wire;

namespace TrustMesh.Host.Settings;

/// <summary>Configuration to <see cref="SiloSettings"/>: everything is checked at start and every mistake is told at once.</summary>
public sealed class SettingsReader
{
    private readonly IConfigurationSection section;
    private readonly List<string> errors;

    private SettingsReader(IConfigurationSection section, List<string> errors) => (this.section, this.errors) = (section, errors);

    /// <summary>appsettings.json, then /etc/trustmesh/silo.json, then TRUSTMESH__*, then the command line.</summary>
    /// <returns>Settings, or the mistakes as sentences.</returns>
    public static (SiloSettings? Settings, IReadOnlyList<string> Errors) Read(IReadOnlyList<string> arguments)
    {
        var errors = new List<string>();
        var commandLine = CommandLine.Parse(arguments, errors);
        try
        {
            var configuration = new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
                .AddJsonFile("/etc/trustmesh/silo.json", optional: true)
                .AddInMemoryCollection(FromEnvironment())
                .AddInMemoryCollection(commandLine)
                .Build();
            return Read(configuration, errors);
        }
        catch (InvalidDataException broken)
        {
            errors.Add($"A configuration file cannot be read: {broken.InnerException?.Message ?? broken.Message}");
            return (null, errors);
        }
    }

    /// <inheritdoc cref="Read(IReadOnlyList{string})"/>
    public static (SiloSettings? Settings, IReadOnlyList<string> Errors) Read(IConfiguration configuration, List<string> errors)
    {
        var settings = new SettingsReader(configuration.GetSection("TrustMesh"), errors).Read();
        return errors.Count == 0 ? (settings, errors) : (null, errors);
    }

    private SiloSettings Read()
    {
        var mesh = section["Mesh"] ?? "mesh";
        if (!Grammar.IsName(mesh)) errors.Add($"Mesh '{Grammar.Fit(mesh)}' must be 1 to 63 of a-z, 0-9, '.' and '-', the first a letter or digit.");
        var operators = Endpoint("OperatorListen", "127.0.0.1:7080");
        var tls = (section["OperatorCertificate"], section["OperatorKey"]) switch
        {
            (null, null) => null,
            ({ } certificate, { } key) => new TlsFiles(Existing("OperatorCertificate", certificate), Existing("OperatorKey", key)),
            _ => Wrong<TlsFiles>("OperatorCertificate and OperatorKey belong together; give both or none."),
        };
        if (tls is null && !IPAddress.IsLoopback(operators.Address))
            errors.Add($"OperatorListen {operators} is reachable from outside without TLS; give --operator-certificate and --operator-key, or listen on 127.0.0.1.");
        var names = (section["DeviceNames"] ?? "localhost,127.0.0.1").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (names.Length == 0 || names.Any(name => Uri.CheckHostName(name) is UriHostNameType.Unknown or UriHostNameType.Basic)) errors.Add("DeviceNames must be host names or IP addresses, separated by commas.");
        var lifetime = Number("Lifetime", null, 2, 604_800);
        var interval = Number("Interval", null, 1, 86_400);
        if ((lifetime ?? 60) <= (interval ?? 20)) errors.Add($"Lifetime ({lifetime ?? 60} s) must be longer than Interval ({interval ?? 20} s), or every device turns stale between two proofs.");
        return new(
            Path.GetFullPath(section["State"] ?? "silo-state"), mesh, Endpoint("DeviceListen", "127.0.0.1:7443"), operators, names, tls,
            [.. section.GetSection("EkRoots").GetChildren().Select(child => Existing("EkRoots", child.Value ?? ""))],
            KnownRoots(section["AutoApproveEk"]), section["ReadyFile"], section["CodeFile"], lifetime, interval, Limits(), section["AuthorityKey"] is { } authority ? Existing("AuthorityKey", authority) : null, Places.Read(name => section[name], errors), Origins(), Oidc(), WebhookNetworks());
    }

    private OidcSettings? Oidc()
    {
        var groups = section.GetSection("OidcGroups").GetChildren().Select(child => child.Value ?? "").ToList();
        if (section["OidcIssuer"] is null && section["OidcClient"] is null && groups.Count == 0) return null;
        if (section["OidcIssuer"] is not { } issuer || section["OidcClient"] is not { Length: > 0 and <= 255 } client || groups.Count == 0)
            return Wrong<OidcSettings>("OidcIssuer, OidcClient and at least one of OidcGroups belong together; give all or none.");
        // Keys that arrive by plain http are whoever's stands in between.
        if (!Uri.TryCreate(issuer, UriKind.Absolute, out var uri) || uri.Query.Length > 0 || !(uri.Scheme == "https" || uri.Scheme == "http" && uri.IsLoopback))
            return Wrong<OidcSettings>($"OidcIssuer '{Grammar.Fit(issuer)}' must be the https address the provider calls itself.");
        var map = new Dictionary<string, IReadOnlyList<Grant>>();
        foreach (var text in groups)
        {
            var (at, grant) = (text.LastIndexOf('='), (Grant?)null);
            if (at > 0) grant = text[(at + 1)..].Split('@', 2) is [var role, var sites] ? new(role, sites.Split(',')) : new(text[(at + 1)..]);
            if (grant is null || OperatorRights.Parse([grant], out var wrong) is null) errors.Add($"OidcGroups '{Grammar.Fit(text)}' must be GROUP=ROLE or GROUP=ROLE@SITE,SITE.");
            else map[text[..at]] = [.. map.GetValueOrDefault(text[..at], []), grant];
        }
        var scope = section["OidcScope"];
        if (scope is not null && (scope.Length > 255 || !scope.Split(' ').Contains("openid") || scope.Any(one => one is < ' ' or > '~' or '"' or '\\')))
            errors.Add($"OidcScope '{Grammar.Fit(scope)}' must be scopes with a space in between, openid among them.");
        return new(uri, client, section["OidcGroupClaim"] ?? "groups", map, section["OidcSecretFile"] is { } secret ? Existing("OidcSecretFile", secret) : null, scope)
        {
            Every = TimeSpan.FromMinutes(Number("OidcRefresh", null, 1, 720) ?? 5), Grace = TimeSpan.FromMinutes(Number("OidcGrace", null, 0, 720) ?? 15),
        };
    }

    private IReadOnlyList<IPNetwork>? WebhookNetworks()
    {
        if (section["WebhookPrivate"] is not { } text) return null;
        var networks = new List<IPNetwork>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // A mistyped length must not open more than what was meant.
            if (part.Contains('/') && IPNetwork.TryParse(part, out var network) && IPAddress.TryParse(part.Split('/')[0], out var first) && network.BaseAddress.Equals(first)) networks.Add(network);
            else errors.Add($"WebhookPrivate '{Grammar.Fit(part)}' must be a network, such as 10.4.0.0/16 or fd00:4::/32, without bits beyond its length.");
        }
        return networks;
    }

    private IReadOnlyList<string>? Origins()
    {
        var given = section.GetSection("OperatorOrigins").GetChildren().Select(child => child.Value ?? "").ToList();
        foreach (var origin in given.Where(origin => SignInOrigins.Normal(origin) != origin))
            errors.Add($"OperatorOrigins '{Grammar.Fit(origin)}' must be https:// and a host name, as browsers write it, or http://localhost with a port; an IP address has no passkeys.");
        return given.Count == 0 ? null : given;
    }

    private LimitSettings Limits()
    {
        var standard = new LimitSettings();
        return new(
            Number("Limits:Connections", standard.Connections, 1, 1_000_000)!.Value,
            Number("Limits:ConnectionsPerSource", standard.ConnectionsPerSource, 1, 1_000_000)!.Value,
            Number("Limits:SourceRate", standard.SourceRate, 1, 10_000_000)!.Value,
            Number("Limits:EnrolmentRate", standard.EnrolmentRate, 1, 1_000_000)!.Value,
            Number("Limits:DeviceRate", standard.DeviceRate, 1, 1_000_000)!.Value,
            Number("Limits:VerificationQueue", standard.VerificationQueue, 1, 1_000_000)!.Value,
            Number("Limits:ResidentTwins", standard.ResidentTwins, 16, 10_000_000)!.Value,
            Number("Limits:PendingDevices", standard.PendingDevices, 0, 10_000_000)!.Value);
    }

    private IReadOnlySet<string> KnownRoots(string? file)
    {
        var known = new HashSet<string>();
        if (file is null || Existing("AutoApproveEk", file) != file || !File.Exists(file)) return known;
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            var text = line.Split('#')[0].Trim().ToLowerInvariant();
            if (text.Length == 0) continue;
            if (text.Length == 64 && text.All(char.IsAsciiHexDigit)) known.Add(text);
            else errors.Add($"{file} line {number} is not a hex SHA-256 (64 digits).");
        }
        return known;
    }

    private IPEndPoint Endpoint(string key, string standard)
    {
        var text = section[key] ?? standard;
        if (IPEndPoint.TryParse(text, out var endpoint) && text.LastIndexOf(':') > text.LastIndexOf(']')) return endpoint;
        errors.Add($"{key} '{Grammar.Fit(text)}' must be an address and a port, such as {standard}.");
        return new(IPAddress.Loopback, 0);
    }

    private int? Number(string key, int? standard, int min, int max)
    {
        if (section[key] is not { } text) return standard;
        if (int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number >= min && number <= max) return number;
        errors.Add($"{key} '{Grammar.Fit(text)}' must be a number from {min} to {max}.");
        return standard ?? min;
    }

    private string Existing(string key, string file)
    {
        if (!File.Exists(file)) errors.Add($"{key}: there is no file {file}.");
        return file;
    }

    private T? Wrong<T>(string error) where T : class
    {
        errors.Add(error);
        return null;
    }

    /// <summary>TRUSTMESH__STATE and so on as TrustMesh:State; other variables are nobody's business.</summary>
    private static Dictionary<string, string?> FromEnvironment()
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
            if (variable.Key is string name && name.StartsWith("TRUSTMESH__", StringComparison.OrdinalIgnoreCase))
                values[$"TrustMesh:{name["TRUSTMESH__".Length..].Replace("__", ":", StringComparison.Ordinal)}"] = (string?)variable.Value;
        return values;
    }
}
