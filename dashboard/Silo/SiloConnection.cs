namespace TrustMesh.Dashboard.Silo;

/// <summary>The one connection pool to the silo. Follows no redirect: a bearer token goes to the address the dashboard was started with, or nowhere.</summary>
public sealed class SiloConnection(Uri silo) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        // Each open page holds one stream.
        MaxConnectionsPerServer = 1024,
    })
    {
        BaseAddress = new Uri(silo, "/api/v1/"),
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <param name="token">Of a session; null for signing in.</param>
    public SiloClient For(string? token) => new(_http, token);

    public void Dispose() => _http.Dispose();
}
