using TrustMesh.Wire;

namespace TrustMesh.Host.Webhooks;

/// <summary>Addresses of webhooks, as people may write them.</summary>
public static class WebhookUrl
{
    public const int Longest = 1024;

    /// <summary>Null if it can stand; else a sentence that says why not. Where its name leads is looked at when it is called, each time.</summary>
    public static string? Wrong(string text)
    {
        if (text.Length is 0 or > Longest || Grammar.HasControl(text) || !Uri.TryCreate(text, UriKind.Absolute, out var url)) return $"url must be an address of at most {Longest} characters, such as https://hooks.example/alerts.";
        if (url.UserInfo.Length > 0 || url.Fragment.Length > 0) return "url must not have a user, a password or a fragment: what the receiver checks is the signature.";
        // Whoever listens on the way would read the alerts; nobody listens on loopback.
        if (url.Scheme != Uri.UriSchemeHttps && !(url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)) return "url must be https; plain http only on loopback, such as http://127.0.0.1:9000/.";
        return null;
    }
}
