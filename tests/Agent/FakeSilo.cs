using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Authentication.ExtendedProtection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Agent;

/// <summary>
/// A fake silo: speaks PROTOCOL.md sections 7, 8, 16 and 17 over real TLS 1.3, and can be told to misbehave, which the real one can not. It checks the
/// binding and the log of what it gets as a challenger would, but judges nothing.
/// </summary>
public sealed partial class FakeSilo : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, byte[]> nonces = new();
    private readonly byte[] enrolmentNonce = RandomNumberGenerator.GetBytes(32);

    private FakeSilo(FakeAuthority authority, X509Certificate2 certificate, SslProtocols protocols, int port)
    {
        Authority = authority;
        var context = SslStreamCertificateContext.Create(certificate, [authority.Certificate], offline: true);
        Spki = SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = context,
                    EnabledSslProtocols = protocols,
                    ClientCertificateRequired = true,
                    AllowTlsResume = true,
                    RemoteCertificateValidationCallback = (_, _, _, _) => true,
                }),
            });
        }));
        app = builder.Build();
        app.Run(async http =>
        {
            try
            {
                await ServeAsync(http);
            }
            catch (Exception fault)
            {
                Faults.Enqueue(fault);
                throw;
            }
        });
    }

    public FakeAuthority Authority { get; }

    public byte[] Spki { get; }

    public Uri Address => new($"https://localhost:{new Uri(app.Urls.First()).Port}/");

    public DeviceId Self { get; } = DeviceId.FromRootKey([1, 2, 3]);

    public Standing Standing { get; set; } = Standing.Active;

    public int NextSeconds { get; set; } = 3600;

    /// <summary>Answers a request in place of the silo; true if it did.</summary>
    public Func<HttpContext, Task<bool>>? Misbehave { get; set; }

    /// <summary>Rewrites a challenge before it is sent.</summary>
    public Func<Challenge, Challenge> Ask { get; set; } = challenge => challenge;

    public Func<ReadOnlyMemory<byte>?> Membership { get; set; } = () => null;

    public ConcurrentQueue<string> Requests { get; } = new();

    public ConcurrentQueue<SeenEvidence> Accepted { get; } = new();

    /// <summary>Connections that were used for anything but watching.</summary>
    public ConcurrentQueue<string> Connections { get; } = new();

    /// <summary>Exceptions of the fake itself; a test's failure is easier to read with them.</summary>
    public ConcurrentQueue<Exception> Faults { get; } = new();

    public EnrolRequest? Enrolled { get; private set; }

    public static async Task<FakeSilo> StartAsync(FakeAuthority authority, X509Certificate2? certificate = null, SslProtocols protocols = SslProtocols.Tls13, int port = 0)
    {
        var silo = new FakeSilo(authority, certificate ?? authority.Issue(), protocols, port);
        await silo.app.StartAsync();
        return silo;
    }

    /// <summary>Waits, with a deadline, until so many evidences were accepted.</summary>
    public Task ProvenAsync(int count) => Eventually.TrueAsync(() => Accepted.Count >= count, $"{count} evidences");

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        foreach (var fault in Faults) TestContext.Current.TestOutputHelper?.WriteLine(fault.ToString());
        await app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext http)
    {
        if (http.Request.Path != WatchPath && !Connections.Contains(http.Connection.Id)) Connections.Enqueue(http.Connection.Id);
        Requests.Enqueue(http.Request.Path);
        if (Misbehave is { } misbehave && await misbehave(http)) return;
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var bytes = body.ToArray();
        switch (http.Request.Path.Value)
        {
            case "/device/v1/enrol":
                Enrolled = EnrolRequest.Decode(bytes);
                if (Enrolled.Token is not { } secret || !secret.Span.SequenceEqual(Authority.Secret)) await Refuse(http, 403, "token_refused");
                else await Answer(http, new EnrolChallenge(new byte[16], default, default, enrolmentNonce).Encode());
                return;
            case "/device/v1/enrol/activate":
                var device = DeviceId.FromRootKey(Enrolled!.RootPublic.Span);
                using (var key = ECDsa.Create())
                {
                    key.ImportSubjectPublicKeyInfo(Enrolled.RootPublic.Span, out _);
                    byte[] message = [.. "tm-en/1"u8, .. new byte[16], .. enrolmentNonce, .. DeviceSpki(http)];
                    if (!key.VerifyData(message, ActivateRequest.Decode(bytes).Proof.Span, HashAlgorithmName.SHA256)) await Refuse(http, 403, "enrolment_refused");
                    else await Answer(http, new EnrolResult(Standing, device, Membership()).Encode());
                }
                return;
            case "/device/v1/challenge":
                await Answer(http, NewChallenge(http).Encode());
                return;
            case WatchPath:
                await WatchAsync(http, bytes);
                return;
            case VerdictsPath:
                await TakeAsync(http, bytes);
                return;
            default:
                await JudgeAsync(http, Evidence.Decode(bytes));
                return;
        }
    }

    private async Task JudgeAsync(HttpContext http, Evidence evidence)
    {
        if (!nonces.TryRemove(http.Connection.Id, out var nonce))
        {
            await Refuse(http, 409, "challenge_missing");
            return;
        }
        var claims = Claims.Decode(evidence.ClaimsBytes);
        var leaf = new ChallengeLeaf(nonce, Self, claims.Device, AttesterRole.TlsClient, DeviceSpki(http), Spki, ChannelBindingType.Finished, Finished(http));
        var head = evidence.Log.Entries.Aggregate(new byte[32], (value, entry) => SHA256.HashData([.. value, .. SHA256.HashData(entry.Span)]));
        Accepted.Enqueue(new(evidence, claims, leaf.LeafHash().AsSpan().SequenceEqual(claims.Challenge.Span), evidence.Log.From > 0 || head.AsSpan().SequenceEqual(claims.LogHead!.Head.Span), http.Connection.Id));
        Vouch(http);
        await Answer(http, new Receipt(Standing, new byte[] { 0 }, NextSeconds, NewChallenge(http).Encode(), Membership()).Encode());
    }

    private Challenge NewChallenge(HttpContext http)
    {
        var challenge = Ask(new(RandomNumberGenerator.GetBytes(32), Self, 0x000b, [13], 0, 0, 300));
        nonces[http.Connection.Id] = challenge.Nonce.ToArray();
        return challenge;
    }

    public static async Task Refuse(HttpContext http, int status, string code)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/problem+json";
        await http.Response.WriteAsync($$"""{"code":"{{code}}","title":"no"}""");
    }

    public static async Task Answer(HttpContext http, byte[] bytes)
    {
        http.Response.ContentType = "application/cbor";
        await http.Response.Body.WriteAsync(bytes);
    }

    private static byte[] DeviceSpki(HttpContext http) => SHA256.HashData(http.Connection.ClientCertificate!.PublicKey.ExportSubjectPublicKeyInfo());

    private static byte[] Finished(HttpContext http)
    {
        using var binding = http.Features.Get<ISslStreamFeature>()!.SslStream.TransportContext.GetChannelBinding(ChannelBindingKind.Unique)!;
        var bytes = new byte[binding.Size];
        System.Runtime.InteropServices.Marshal.Copy(binding.DangerousGetHandle(), bytes, 0, bytes.Length);
        return bytes[(32 + "tls-unique:".Length)..];
    }
}
