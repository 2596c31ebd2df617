using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace TrustMesh.Tests.Infra;

/// <summary>Answers 200 over TLS with a certificate from PEM files, as the silo's operator listener does.</summary>
internal sealed class Door : IDisposable
{
    private readonly WebApplication app;
    private readonly X509Certificate2 certificate;

    public Door(string certificateFile, string keyFile)
    {
        using var ephemeral = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        certificate = X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pkcs12), null);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        app = builder.Build();
        app.Run(context => context.Response.WriteAsync("ok"));
        app.StartAsync().GetAwaiter().GetResult();
    }

    public int Port => new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    public void Dispose()
    {
        app.DisposeAsync().AsTask().GetAwaiter().GetResult();
        certificate.Dispose();
    }
}
