namespace TrustMesh.Trust.Passkeys;

/// <summary>
/// Where people sign in with passkeys. Without a list: at <c>http://localhost</c>, at any port, which is this machine. A browser takes an IP address for no
/// name, so a page at <c>http://127.0.0.1</c> has no passkeys.
/// </summary>
/// <param name="allowed">Such as <c>https://mesh.example</c>; empty for the default.</param>
public sealed class SignInOrigins(IReadOnlyList<string> allowed)
{
    private const int Longest = 253 + 16;

    /// <summary>The origin in the form browsers write it, if a page there can have passkeys; else null.</summary>
    public static string? Normal(string? text)
    {
        if (text is not { Length: > 0 and <= Longest } || !Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.PathAndQuery != "/" || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0) return null;
        if (uri.HostNameType != UriHostNameType.Dns || uri.Scheme != "https" && !(uri.Scheme == "http" && uri.IdnHost == "localhost")) return null;
        return $"{uri.Scheme}://{uri.IdnHost}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}";
    }

    /// <summary>Whom credentials of a page there are for; null if nobody signs in there.</summary>
    public string? RpId(string? origin)
    {
        if (origin is null || Normal(origin) != origin) return null;
        var uri = new Uri(origin);
        return (allowed.Count == 0 ? uri is { Scheme: "http", IdnHost: "localhost" } : allowed.Contains(origin)) ? uri.IdnHost : null;
    }

    /// <summary>For people.</summary>
    public string Text => allowed.Count == 0 ? "http://localhost at any port" : string.Join(", ", allowed);
}
