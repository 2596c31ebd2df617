using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using TrustMesh.Agent.Identity;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Silo;

/// <summary>
/// One TLS 1.3 connection to the silo, no more and no less: it is dialled here, checked against the pin, and never silently replaced by another,
/// because challenges and evidence belong to it (attack A31). Resumption is off (attack A38). When it ends, so does this object.
/// </summary>
public sealed class SiloConnection : IDisposable
{
    private const int LargestProblem = 16 * 1024;

    /// <summary>In which an answer has to come; on a connection for watching (PROTOCOL.md section 16) the silo takes up to 25 s of it.</summary>
    public static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(35);

    private static readonly TimeSpan DialTimeout = TimeSpan.FromSeconds(10);

    private readonly HttpClient http;

    private SiloConnection(HttpClient http, byte[] siloSpki, byte[] binding, X509Certificate2 authority)
        => (this.http, SiloSpki, Binding, Authority) = (http, siloSpki, binding, authority);

    /// <summary>SHA-256 of the silo's SubjectPublicKeyInfo, 32 bytes.</summary>
    public byte[] SiloSpki { get; }

    /// <summary>The client's TLS Finished value, empty where the platform does not give it.</summary>
    public byte[] Binding { get; }

    public ChannelBindingType BindingType => Binding.Length > 0 ? ChannelBindingType.Finished : ChannelBindingType.None;

    /// <summary>The mesh authority's certificate, found by its pin.</summary>
    public X509Certificate2 Authority { get; }

    /// <summary>Dials, does the handshake, checks the silo. Throws <see cref="SiloException"/>.</summary>
    /// <param name="largestAnswer">Bytes. Most connections see nothing larger than a receipt, whose because list is long exactly when much is wrong.</param>
    public static async Task<SiloConnection> OpenAsync(Uri silo, byte[] authorityPin, SessionKey session, TimeProvider time, CancellationToken stop, int largestAnswer = Caps.Receipt)
    {
        var host = silo.IdnHost;
        var pin = new AuthorityPin(authorityPin, host, time);
        string? refusal = null;
        using var limit = new CancellationTokenSource(DialTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? stream = null;
        try
        {
            await socket.ConnectAsync(host, silo.Port, both.Token);
            stream = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false);
            await stream.AuthenticateAsClientAsync(Options(host, session, (certificate, sent) => (refusal = pin.Check(certificate, sent)) is null), both.Token);
            using var remote = stream.RemoteCertificate is X509Certificate2 second ? new X509Certificate2(second) : throw new AuthenticationException("no certificate");
            return new(Client(silo, stream, largestAnswer), SHA256.HashData(remote.PublicKey.ExportSubjectPublicKeyInfo()), TlsFinished.Of(stream), pin.Authority!);
        }
        catch (Exception failed) when (failed is SocketException or IOException or AuthenticationException || failed is OperationCanceledException && !stop.IsCancellationRequested)
        {
            Drop(stream, socket);
            if (refusal is not null) throw new SiloException(FailureKind.NotOurSilo, $"{silo.Authority} is not dialled further. {refusal}", null, failed);
            var what = failed is OperationCanceledException ? $"no answer within {DialTimeout.TotalSeconds:0} s" : failed.Message;
            throw new SiloException(FailureKind.Unreachable, $"{silo.Authority} can not be reached: {what.TrimEnd('.')}.", null, failed);
        }
        catch
        {
            Drop(stream, socket);
            throw;
        }
    }

    /// <summary>Posts a message and returns the answer's bytes. Throws <see cref="SiloException"/>.</summary>
    public async Task<byte[]> PostAsync(string path, byte[] body, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(AnswerTimeout);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/cbor");
            using var answer = await http.PostAsync(path, content, both.Token);
            if (!answer.IsSuccessStatusCode) throw await RefusalAsync(answer, both.Token);
            if (answer.Content.Headers.ContentType?.MediaType != "application/cbor")
                throw new SiloException(FailureKind.Misunderstood, $"The silo answered {path} with {answer.Content.Headers.ContentType?.MediaType ?? "nothing"} instead of application/cbor.");
            return await answer.Content.ReadAsByteArrayAsync(both.Token);
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException || failed is OperationCanceledException && !stop.IsCancellationRequested)
        {
            throw new SiloException(FailureKind.Unreachable, $"The connection to the silo ended: {failed.GetBaseException().Message}", null, failed);
        }
    }

    public void Dispose()
    {
        http.Dispose();
        Authority.Dispose();
    }

    private static void Drop(SslStream? stream, Socket socket)
    {
        stream?.Dispose();
        socket.Dispose();
    }

    private static SslClientAuthenticationOptions Options(string host, SessionKey session, Func<X509Certificate2?, X509Certificate2Collection, bool> check) => new()
    {
        TargetHost = host,
        EnabledSslProtocols = SslProtocols.Tls13,
        AllowTlsResume = false,
        AllowRenegotiation = false,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        // The framework builds a chain before it asks us; it must not go to the network or the machine's store for that.
        CertificateChainPolicy = new() { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true, TrustMode = X509ChainTrustMode.CustomRootTrust },
        ClientCertificateContext = session.Context,
        RemoteCertificateValidationCallback = (_, certificate, chain, _) => check(certificate as X509Certificate2, chain?.ChainPolicy.ExtraStore ?? []),
    };

    /// <summary>HTTP over the finished handshake. The scheme says http because the encryption is already there, below.</summary>
    private static HttpClient Client(Uri silo, SslStream stream, int largestAnswer)
    {
        Stream? once = stream;
        var handler = new SocketsHttpHandler
        {
            MaxConnectionsPerServer = 1,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            MaxResponseHeadersLength = 16,
            ActivityHeadersPropagator = null,
            ConnectCallback = (_, _) => Interlocked.Exchange(ref once, null) is { } ready
                ? ValueTask.FromResult(ready)
                : ValueTask.FromException<Stream>(new IOException("the connection is gone")),
        };
        return new(handler)
        {
            BaseAddress = new UriBuilder(silo) { Scheme = Uri.UriSchemeHttp }.Uri,
            MaxResponseContentBufferSize = largestAnswer,
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    private static async Task<SiloException> RefusalAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        var code = answer.Content.Headers.ContentType?.MediaType == "application/problem+json" ? Code(await answer.Content.ReadAsByteArrayAsync(stop)) : "";
        var after = answer.Headers.RetryAfter?.Delta;
        return Refusal(code, (int)answer.StatusCode, after);
    }

    /// <summary>The table of PROTOCOL.md section 12, seen from here.</summary>
    public static SiloException Refusal(string code, int status, TimeSpan? retryAfter) => code switch
    {
        "not_proven" => new(FailureKind.NotProven, "The silo has not accepted evidence of this session yet."),
        "not_enrolled" => new(FailureKind.NotEnrolled, "The silo does not know this device."),
        "challenge_missing" or "stale" => new(FailureKind.ChallengeGone, "The challenge is used up or too old."),
        "evidence_refused" => new(FailureKind.EvidenceRefused, "The silo refused the evidence. Its log and the device's timeline in the dashboard say why."),
        "token_refused" => new(FailureKind.EnrolmentRefused, "The silo refused the join token: unknown, expired or used up. Make a new one with: trustmesh enroll token create"),
        "enrolment_refused" => new(FailureKind.EnrolmentRefused, "The silo refused the enrolment. Its log says why; most often the TPM's certificate is of a maker the silo does not know."),
        "busy" or "unavailable" => new(FailureKind.Busy, "The silo asks for patience.", retryAfter),
        _ when status >= 500 => new(FailureKind.Busy, $"The silo answered with an error of its own ({status}).", retryAfter),
        _ => new(FailureKind.Misunderstood, $"The silo does not understand this agent ({status}{(code.Length > 0 ? ", " : "")}{Printable(code)}). Are both of the same version?"),
    };

    private static string Code(byte[] problem)
    {
        if (problem.Length > LargestProblem) return "";
        try
        {
            using var document = JsonDocument.Parse(problem, new() { MaxDepth = 8 });
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String ? code.GetString()! : "";
        }
        catch (JsonException)
        {
            // Not a problem document after all: the status alone decides.
            return "";
        }
    }

    private static string Printable(string code) => new([.. code.Where(c => char.IsAsciiLetterOrDigit(c) || c == '_').Take(40)]);
}
