using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using TrustMesh.Trust.Keys;
using TrustMesh.Wire;

namespace TrustMesh.Orleans.Settings;

/// <summary>One address with its secret and its authorities, from settings. No mistake repeats what may hold a secret (attack A47).</summary>
internal sealed partial class StorageSettingsReader(Func<string, string?> value, string key, string option, List<string> errors)
{
    private const int LongestSecret = 4096, RedisPort = 6379;

    /// <summary>Null if the address is not set or is wrong.</summary>
    public StorageAddress? Read()
    {
        if (value(key) is not { } text) return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            return Wrong("is no address. Give redis://host:port, rediss://host:port, or azure-blob://account.blob.core.windows.net/container.");
        if (uri.UserInfo.Length > 0)
            return Wrong($"holds a user or password, which every list of processes would show. Take it out and put it into a file of mode 0600 for {option}-secret-file, or into TRUSTMESH__{key.ToUpperInvariant()}SECRET.");
        if (uri.Query.Length > 0 || uri.Fragment.Length > 0) return Wrong("has something after '?' or '#'; take it out. A shared access signature is not supported; give the account's key as the secret.");
        return uri.Scheme switch
        {
            "redis" => Redis(uri, tls: false),
            "rediss" => Redis(uri, tls: true),
            "azure-blob" => Blob(uri, tls: true),
            "azure-blob+http" => Blob(uri, tls: false),
            var other => Wrong($"begins with {Grammar.Fit(other)}://, which is not known here. Known are redis://, rediss:// (TLS), azure-blob:// (TLS) and azure-blob+http:// (this machine only)."),
        };
    }

    private StorageAddress? Redis(Uri uri, bool tls)
    {
        if (uri.AbsolutePath.Trim('/').Length > 0) return Wrong("names a database after the port; take it out: a mesh has its own Redis, its keys begin with the mesh's name.");
        var (secret, authorities) = (Secret(), Authorities(tls, "rediss://"));
        if (secret is null && !IsHere(uri) && !SecretIsGiven)
            errors.Add($"{option} is a Redis on another machine without a password, which anybody there may write. Set requirepass in Redis and give {option}-secret-file.");
        return new(StorageKind.Redis, uri.IdnHost, uri.Port < 0 ? RedisPort : uri.Port, tls, "", "", false, secret, authorities);
    }

    private StorageAddress? Blob(Uri uri, bool tls)
    {
        if (!tls && !IsHere(uri)) return Wrong("goes over the network without TLS; use azure-blob://, or an emulator on 127.0.0.1.");
        var path = uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var pathStyle = path.Length == 2;
        if (path.Length is not (1 or 2) || (!pathStyle && uri.HostNameType != UriHostNameType.Dns))
            return Wrong("must end in the container's name: azure-blob://account.blob.core.windows.net/container, or azure-blob+http://127.0.0.1:10000/account/container for an emulator.");
        var account = pathStyle ? path[0] : uri.Host.Split('.')[0];
        if (!ContainerName().IsMatch(path[^1])) errors.Add($"{option} names the container '{Grammar.Fit(path[^1])}'; a container has 3 to 63 of a-z, 0-9 and single '-' between them.");
        var (secret, authorities) = (Secret(), Authorities(tls, "azure-blob://"));
        if (secret is null && !SecretIsGiven) errors.Add($"{option} needs the key of account {Grammar.Fit(account)}: put it into a file of mode 0600 and give {option}-secret-file.");
        return new(StorageKind.AzureBlob, uri.IdnHost, uri.Port < 0 ? tls ? 443 : 80 : uri.Port, tls, account, path[^1], pathStyle, secret is null ? null : AccountKey(secret, account), authorities);
    }

    private bool SecretIsGiven => value(key + "Secret") is not null || value(key + "SecretFile") is not null;

    private string? Secret()
    {
        var (text, file) = (value(key + "Secret"), value(key + "SecretFile"));
        if (text is not null && file is not null)
        {
            errors.Add($"{option}-secret-file and TRUSTMESH__{key.ToUpperInvariant()}SECRET are both set; give one.");
            return null;
        }
        if (file is not null) text = FromFile(file);
        if (text is null) return null;
        text = text.TrimEnd('\r', '\n');
        if (text.Length is > 0 and <= LongestSecret && !Grammar.HasControl(text)) return text;
        errors.Add($"The secret of {option} must be one line of 1 to {LongestSecret} characters.");
        return null;
    }

    private string? FromFile(string file)
    {
        try
        {
            if (SecretFile.Read(file, LongestSecret) is not { } bytes) errors.Add($"{option}-secret-file: there is no file {file}.");
            else return Encoding.UTF8.GetString(bytes);
        }
        catch (Exception refused) when (refused is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            errors.Add($"{option}-secret-file: {refused.Message}");
        }
        return null;
    }

    /// <summary>The key itself, or the connection string that a portal shows beside it.</summary>
    private string? AccountKey(string secret, string account)
    {
        var parts = secret.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(part => part.Split('=', 2)).Where(part => part.Length == 2).ToLookup(part => part[0], part => part[1]);
        if (parts["AccountName"].FirstOrDefault() is { } name && name != account)
        {
            errors.Add($"The secret of {option} is the connection string of another account than {Grammar.Fit(account)}; take the one of that account.");
            return null;
        }
        var text = parts["AccountKey"].FirstOrDefault() ?? secret;
        if (Convert.TryFromBase64String(text, new byte[text.Length], out var length) && length > 0) return text;
        errors.Add($"The secret of {option} is neither an account's key (base64) nor a connection string with AccountKey=; copy it again.");
        return null;
    }

    private X509Certificate2Collection? Authorities(bool tls, string withTls)
    {
        if (value(key + "Ca") is not { } file) return null;
        if (!tls) errors.Add($"{option}-ca says whose certificates count, but {option} has no TLS; use {withTls} or leave {option}-ca away.");
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
            if (authorities.Count > 0) return authorities;
            errors.Add($"{option}-ca: {file} has no certificate in PEM.");
        }
        catch (Exception refused) when (refused is CryptographicException or IOException or UnauthorizedAccessException)
        {
            errors.Add($"{option}-ca: {file} cannot be read ({refused.Message}); give a PEM file with the certificates of your authorities.");
        }
        return null;
    }

    private StorageAddress? Wrong(string what)
    {
        errors.Add($"{option} {what}");
        return null;
    }

    private static bool IsHere(Uri uri) => uri.Host == "localhost" || (IPAddress.TryParse(uri.IdnHost, out var address) && IPAddress.IsLoopback(address));

    [GeneratedRegex("^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex ContainerName();
}
