using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using TrustMesh.Trust.Webhooks;

namespace TrustMesh.Host.Webhooks;

/// <summary>
/// Makes one try to bring a message to a webhook. The silo dials nobody else, and this only where a person with the right said so, and only public addresses unless the machine's owner
/// allows more (attack A41): the address is looked at after the name was looked up and before the connection is made, for every connection, so that a name cannot mean one thing when it
/// is checked and another when it is called. No redirect is followed, no proxy asked, no cookie kept, and of the answer nothing is read but its head.
/// </summary>
public sealed class WebhookSender : IDisposable
{
    private const int LargestHeadKilobytes = 16, MostAddresses = 4;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10), s_connect = TimeSpan.FromSeconds(5);

    private readonly HttpMessageInvoker client;
    private readonly IReadOnlyList<IPNetwork> allowed;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> resolve;
    private readonly TimeProvider time;

    /// <param name="allowed">Networks of our own that may be called.</param>
    /// <param name="resolve">What a name means; the system's answer if null.</param>
    public WebhookSender(IReadOnlyList<IPNetwork> allowed, TimeProvider time, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        (this.allowed, this.time, this.resolve) = (allowed, time, resolve ?? Dns.GetHostAddressesAsync);
        client = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseProxy = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None, ActivityHeadersPropagator = null,
            // One connection, one look at where it leads.
            PooledConnectionLifetime = TimeSpan.Zero, ConnectTimeout = s_connect, MaxResponseHeadersLength = LargestHeadKilobytes, MaxResponseDrainSize = 0, ResponseDrainTimeout = TimeSpan.Zero,
            ConnectCallback = ConnectAsync,
        });
    }

    /// <summary>Throws only <see cref="OperationCanceledException"/> when the silo stops.</summary>
    public async Task<WebhookAnswer> SendAsync(WebhookCall call, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(s_patience);
        using var request = new HttpRequestMessage(HttpMethod.Post, call.Url) { Content = new ReadOnlyMemoryContent(call.Body), Version = HttpVersion.Version11 };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/cloudevents+json; charset=utf-8");
        request.Headers.TryAddWithoutValidation("webhook-id", call.Id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", call.Timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("webhook-signature", call.Signature);
        request.Headers.TryAddWithoutValidation("user-agent", "trustmesh-silo");
        try
        {
            // Ends with the head; disposing closes the connection on whatever else comes.
            using var answer = await client.SendAsync(request, patience.Token);
            var status = (int)answer.StatusCode;
            // 410: whoever was there is gone for good, and says so.
            return Took(started, status, status switch { >= 200 and < 300 => null, >= 300 and < 400 => "redirect", _ => "status" }, status == 410);
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return Took(started, null, Class(failed));
        }
    }

    public void Dispose() => client.Dispose();

    private WebhookAnswer Took(long started, int? status, string? error, bool final = false) => new(status, error, (int)time.GetElapsedTime(started).TotalMilliseconds, final);

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var host = context.DnsEndPoint.Host;
        var plain = context.InitialRequestMessage.RequestUri!.Scheme == Uri.UriSchemeHttp;
        // As a Uri writes it, an IPv6 address has brackets.
        var addresses = IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await ResolveAsync(host, cancellation);
        var may = addresses.Select(PublicAddress.Plain).Where(address => MayCall(address, plain)).Take(MostAddresses).ToList();
        if (may.Count == 0) throw new UndialledException(addresses.Length == 0 ? "no-name" : "refused-address");
        for (var at = 0; ; at++)
        {
            var socket = new Socket(may[at].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(may[at], context.DnsEndPoint.Port), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (at + 1 < may.Count)
            {
                // The name has another address.
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation)
    {
        try
        {
            return await resolve(host, cancellation);
        }
        catch (SocketException)
        {
            return [];
        }
    }

    /// <summary>Without TLS only loopback: that the name in the URL says so is not enough.</summary>
    private bool MayCall(IPAddress address, bool plain)
        => (!plain || IPAddress.IsLoopback(address)) && (PublicAddress.Is(address) || allowed.Any(network => network.Contains(address)));

    private static string Class(Exception failed)
    {
        for (var at = failed; at is not null; at = at.InnerException)
            if (at is UndialledException undialled) return undialled.Why;
        return failed switch
        {
            OperationCanceledException => "timeout",
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "tls",
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => "too-large-answer",
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "no-connection",
            _ => "broken",
        };
    }
}
