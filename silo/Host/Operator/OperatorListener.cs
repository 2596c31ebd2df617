using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TrustMesh.Host.Settings;

namespace TrustMesh.Host.Operator;

/// <summary>
/// The operators' server. It and the devices' server are two web applications in one process: a route of one does not exist in the other,
/// and neither knows the other's credentials (attack A37).
/// </summary>
public static class OperatorListener
{
    private const int LargestBody = 16 * 1024;

    public static WebApplication Build(Silo silo, ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "trustmesh-silo" });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore().AddSingleton(silo).AddSingleton(silo.Log);
        builder.Services.Configure<JsonOptions>(options => {
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            options.SerializerOptions.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow;
        });
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.AddOpenApi("v1", options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new() { Title = "TrustMesh operator API", Version = "v1", Description = "Authorization: Bearer with the token of a session, or with an API token where API.md does not say that a route is for people. Device certificates are never accepted here." };
            return Task.CompletedTask;
        }));
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = LargestBody;
            options.Limits.MaxRequestHeaderCount = 64;
            options.Limits.MaxConcurrentConnections = 2_000;
            options.Listen(silo.Settings.OperatorListen, listen =>
            {
                if (silo.Settings.OperatorCertificate is { } files) listen.UseHttps(silo.OperatorCertificate = Certificate(files));
            });
        });
        var app = builder.Build();
        app.UseMiddleware<ErrorBoundary>();
        app.Use((context, next) =>
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers.CacheControl = "no-store";
            return next(context);
        });
        app.UseRouting();
        app.UseMiddleware<AccessGate>();
        // Closed to API tokens: who people are and how they come in, and what needs a person to stand for it. Few of these routes say otherwise.
        var people = app.MapGroup("/api/v1").ForPeople();
        var limit = new SignInLimit(silo.Place, silo.Time);
        SessionRoutes.Map(people, silo, limit);
        PasskeyRoutes.Map(people, silo, limit);
        OidcRoutes.Map(people, silo, limit);
        BackChannelRoutes.Map(people, silo);
        OperatorRoutes.Map(people, silo);
        ApiTokenRoutes.Map(people, silo);
        PinRoutes.Map(people, silo);
        RevokingRoutes.Map(people, silo);
        var api = app.MapGroup("/api/v1").ForMachines();
        MeshRoutes.Map(api, silo);
        SettingsRoutes.Map(api, silo);
        SiloRoutes.Map(api, silo);
        DeviceRoutes.Map(api, silo);
        TagRoutes.Map(api, silo);
        AlertRoutes.Map(api, silo);
        AlertRuleRoutes.Map(api, silo);
        SilenceRoutes.Map(api, silo);
        WebhookRoutes.Map(api, silo);
        QueueRoutes.Map(api, silo);
        RuleRoutes.Map(api, silo);
        PolicyRoutes.Map(api, silo);
        RevocationRoutes.Map(api, silo);
        ExamineRoute.Map(api, silo);
        AttestRoute.Map(api, silo);
        EdgeRoutes.Map(api, silo);
        FeedRoutes.Map(api, silo);
        LogRoutes.Map(api, silo);
        HistoryRoutes.Map(api, silo);
        QueryRoutes.Map(api, silo);
        HealthRoutes.Map(app, silo);
        app.MapOpenApi("/openapi/{documentName}.json").ForAnyone();
        app.UseEndpoints(_ => { });
        return app;
    }

    /// <summary>Where the server listens, once started: scheme://host:port.</summary>
    public static Uri Address(WebApplication app)
        => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    private static X509Certificate2 Certificate(TlsFiles files)
    {
        using var ephemeral = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
        return X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pkcs12), null);
    }
}
