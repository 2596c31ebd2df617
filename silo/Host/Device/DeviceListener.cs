using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TrustMesh.Trust.Joining;
using TrustMesh.Verifier;

namespace TrustMesh.Host.Device;

/// <summary>
/// The devices' server: mutual TLS 1.3 without resumption (attack A38), HTTP/1.1, the routes of PROTOCOL.md and no others. A client's
/// certificate proves that it holds a key, nothing more; no session of an operator means anything here (attack A37). The silo never dials
/// anyone (attack A41), not even for a certificate's sake.
/// </summary>
public static class DeviceListener
{
    private const string P256 = "1.2.840.10045.3.1.7";
    private static readonly TimeSpan HandshakeWithin = TimeSpan.FromSeconds(10), HeadersWithin = TimeSpan.FromSeconds(10);

    /// <summary>A device that keeps its connection speaks at least once per interval.</summary>
    private static readonly TimeSpan IdleAtMost = TimeSpan.FromMinutes(10);

    public static WebApplication Build(Silo silo, ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "trustmesh-silo" });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore().AddSingleton(silo).AddSingleton(silo.Log).AddSingleton(new RateLimit<IPAddress>(silo.Settings.Limits.SourceRate, silo.Time));
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options => Configure(options, silo));
        var app = builder.Build();
        app.UseMiddleware<DeviceBoundary>();
        app.UseRouting();
        var random = RandomNumberGenerator.Create();
        var roots = EndorsementRoots.Load(silo.Settings.EndorsementRoots.Select(file => (ReadOnlyMemory<byte>)File.ReadAllBytes(file)));
        var desk = new EnrolmentDesk(
            new EnrolmentVerifier(roots), silo.Tokens, silo.Directory, silo.Identities, silo.Approvals, silo.Place.Twin, silo.Serials,
            new(silo.Settings.KnownRoots, silo.Settings.Limits.PendingDevices), random, silo.Time);
        new EnrolmentRoutes(silo, desk).Map(app);
        new EvidenceRoutes(silo, random).Map(app);
        new WatchRoutes(silo).Map(app);
        new VerdictRoutes(silo).Map(app);
        app.UseEndpoints(_ => { });
        return app;
    }

    /// <summary>The connection's channel; made with its first request.</summary>
    public static DeviceChannel Channel(HttpContext context)
    {
        var items = context.Features.GetRequiredFeature<IConnectionItemsFeature>().Items;
        if (items.TryGetValue(typeof(DeviceChannel), out var known)) return (DeviceChannel)known!;
        var client = context.Connection.ClientCertificate ?? throw new AuthenticationException("A device connection without a client certificate.");
        var channel = new DeviceChannel(client, context.Features.GetRequiredFeature<ISslStreamFeature>().SslStream);
        items[typeof(DeviceChannel)] = channel;
        return channel;
    }

    public static async Task AnswerAsync(HttpContext context, byte[] message)
    {
        context.Response.ContentType = "application/cbor";
        context.Response.ContentLength = message.Length;
        await context.Response.Body.WriteAsync(message, context.RequestAborted);
    }

    private static void Configure(KestrelServerOptions options, Silo silo)
    {
        var limits = silo.Settings.Limits;
        options.AddServerHeader = false;
        options.Limits.MaxConcurrentConnections = limits.Connections;
        options.Limits.MaxRequestBodySize = Wire.Caps.Evidence;
        options.Limits.MaxRequestHeaderCount = 16;
        options.Limits.MaxRequestHeadersTotalSize = 4 * 1024;
        options.Limits.MaxRequestLineSize = 512;
        options.Limits.RequestHeadersTimeout = HeadersWithin;
        options.Limits.KeepAliveTimeout = IdleAtMost;
        // A body that trickles is cut (attack A42): 1 KiB a second after five seconds.
        options.Limits.MinRequestBodyDataRate = new(1024, TimeSpan.FromSeconds(5));
        var sources = new SourceConnections(limits.ConnectionsPerSource);
        options.Listen(silo.Settings.DeviceListen, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => connection => sources.RunAsync(connection, next));
            listen.UseHttps(https =>
            {
                https.SslProtocols = SslProtocols.Tls13;
                https.HandshakeTimeout = HandshakeWithin;
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.ClientCertificateValidation = (certificate, _, _) => IsSessionKey(certificate);
                https.ServerCertificate = silo.Identity.Tls.TargetCertificate;
                https.OnAuthenticate = (_, tls) => Harden(tls, silo);
            });
        });
    }

    private static void Harden(SslServerAuthenticationOptions tls, Silo silo)
    {
        tls.ServerCertificate = null;
        tls.ServerCertificateContext = silo.Identity.Tls;
        tls.AllowTlsResume = false;
        tls.AllowRenegotiation = false;
        // The framework builds a chain of whatever the client sent before it asks us; that must not go to the network (attack A41).
        tls.CertificateChainPolicy = new() { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true, TrustMode = X509ChainTrustMode.CustomRootTrust };
    }

    /// <summary>Any P-256 key may knock; what it may do follows from evidence.</summary>
    private static bool IsSessionKey(X509Certificate2 certificate)
    {
        if (certificate.RawData.Length > Wire.Caps.Certificate) return false;
        using var key = certificate.GetECDsaPublicKey();
        return key?.ExportParameters(false).Curve.Oid.Value == P256;
    }
}
