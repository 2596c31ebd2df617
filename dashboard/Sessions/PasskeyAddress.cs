using System.Net;

namespace TrustMesh.Dashboard.Sessions;

/// <summary>Where passkeys work: a browser takes no IP address for the name of anybody, so a page at 127.0.0.1 has none (WebAuthn 3, 5.1.3).</summary>
public static class PasskeyAddress
{
    /// <summary>The origin as browsers write it.</summary>
    public static string Origin(Uri page) => page.GetLeftPart(UriPartial.Authority);

    /// <summary>The same page under a name, if it is open under an address of this machine; null if it has a name already.</summary>
    public static string? Named(Uri page) =>
        IPAddress.TryParse(page.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address) ? new UriBuilder(page) { Host = "localhost" }.Uri.ToString() : null;
}
