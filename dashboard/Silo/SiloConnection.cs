namespace TrustMesh.Dashboard.Silo;

/// <summary>
/// The one connection pool to the silos of the mesh, any of which will do; all users are at the same one, until it can not be reached. Follows no redirect: a
/// bearer token goes to an address the dashboard was started with, or nowhere.
/// </summary>
/// <param name="patience">How long an answer may take; 15 seconds if not said.</param>
public sealed class SiloConnection(IReadOnlyList<Uri> silos, TimeSpan? patience = null) : IDisposable
{
    private readonly Uri[] _silos = [.. silos.Select(silo => new Uri(silo, "/api/v1/"))];
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
        Timeout = Timeout.InfiniteTimeSpan,
    };
    private int _now;

    /// <summary>How long an answer may take; some that take a silo longer have more.</summary>
    public TimeSpan Patience { get; } = patience ?? TimeSpan.FromSeconds(15);

    /// <summary>The silo that is asked now.</summary>
    public Uri Address => new(_silos[Volatile.Read(ref _now)], "/");

    /// <param name="token">Of a session; null for signing in.</param>
    public SiloClient For(string? token) => new(this, token);

    /// <summary>Sends to the first silo that can be reached, beginning with the one that could be last time. Returns with the headers.</summary>
    /// <param name="request">Makes the request to one silo, of which it gets the address the API begins at.</param>
    /// <param name="deadline">The caller's patience; a silo that uses it up is not the first the next time.</param>
    /// <param name="cancel">The caller's own end, a part of <paramref name="deadline"/>.</param>
    public async Task<HttpResponseMessage> SendAsync(Func<Uri, HttpRequestMessage> request, CancellationToken deadline, CancellationToken cancel)
    {
        for (var asked = 1; ; asked++)
        {
            var here = Volatile.Read(ref _now);
            var message = request(_silos[here]);
            try
            {
                return await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, deadline);
            }
            catch (Exception lost) when (!cancel.IsCancellationRequested && GoesOn(message.Method, lost))
            {
                // Unless somebody moved on already: one outage is one step.
                Interlocked.CompareExchange(ref _now, (here + 1) % _silos.Length, here);
                if (asked == _silos.Length || deadline.IsCancellationRequested)
                    throw;
            }
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The silo can not have heard of the request: there was no connection, or none within the handler's limit.</summary>
    public static bool NeverArrived(Exception lost) => lost is
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }
        or OperationCanceledException { InnerException: TimeoutException };

    /// <summary>
    /// What changes something is asked of another silo only if this one never heard of it, so that nothing is done twice. A certificate nobody vouches
    /// for is a mistake or an attack that somebody has to see, never a reason to look elsewhere.
    /// </summary>
    private static bool GoesOn(HttpMethod method, Exception lost) => NeverArrived(lost)
        || (method == HttpMethod.Get && lost is HttpRequestException { HttpRequestError: not HttpRequestError.SecureConnectionError } or IOException or OperationCanceledException);
}
