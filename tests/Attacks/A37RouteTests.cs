using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Host.Operator;
using TrustMesh.Host.Settings;
using TrustMesh.Tests.Host;
using TrustMesh.Trust.Operators;

namespace TrustMesh.Tests.Attacks;

public class A37RouteTests
{
    [Fact]
    public async Task A37_Every_operator_route_says_who_may_call_it_and_holds_to_it()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var nobody = silo.Client(null);
        using var stranger = silo.Client("tms_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        using var viewer = await silo.SignInAsync("viewer");
        using var @operator = await silo.SignInAsync("operator");
        using var approver = await silo.SignInAsync("approver");
        using var elsewhere = await silo.SignInAsync("admin", "elsewhere");
        using var device = await silo.JoinAsync();
        var open = new List<string>();
        foreach (var (method, path, access) in Routes(silo.Process.OperatorRoutes))
        {
            Assert.NotNull(access);
            if (access.Least is not { } least)
            {
                open.Add($"{method} {path}");
                continue;
            }
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(nobody, method, path));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stranger, method, path));
            if (least > OperatorRole.Viewer) Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(viewer, method, path));
            if (least > OperatorRole.Approver) Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(approver, method, path));
            // Whoever is everything, but at another site, can do no more than look.
            if (least > OperatorRole.Viewer && access.Reach != Reach.Site) Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(elsewhere, method, path));
            if (least > OperatorRole.Operator) Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(@operator, method, path));
        }
        Assert.Equal(["GET /api/v1/session/ways", "GET /livez", "GET /openapi/{documentName}.json", "GET /readyz", "POST /api/v1/session", "POST /api/v1/session/challenge", "POST /api/v1/session/oidc", "POST /api/v1/session/oidc/logout", "POST /api/v1/session/oidc/start", "POST /api/v1/session/passkey"], open.Order());
    }

    [Fact]
    public async Task A37_What_changes_the_mesh_needs_more_than_a_viewer()
    {
        await using var silo = await RunningSilo.StartAsync();
        foreach (var (method, path, access) in Routes(silo.Process.OperatorRoutes))
        {
            // One's own sign-in is one's own; and asking what would be changes nothing, however long the question is.
            if (method != "GET" && !path.Contains("/session", StringComparison.Ordinal) && path != "/api/v1/revocations/plan") Assert.True(access!.Least >= OperatorRole.Operator, $"{method} {path}");
            // A path that names a device is looked at by the gate.
            if (method != "GET" && (path.Contains("/devices/{id}", StringComparison.Ordinal) || path.Contains("{from}", StringComparison.Ordinal))) Assert.Equal(Reach.Device, access!.Reach);
        }
    }

    [Fact]
    public async Task A37_No_route_of_operators_exists_for_devices_whatever_they_carry()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        foreach (var (_, path, _) in Routes(silo.Process.OperatorRoutes))
        {
            var answer = await device.PostAsync(path.Replace("{id}", device.Id.Text, StringComparison.Ordinal), "{}"u8.ToArray(), silo.Token);
            Assert.Equal((HttpStatusCode.BadRequest, "malformed"), (answer.Status, answer.Code));
        }
        Assert.Equal(
            ["/device/v1/challenge", "/device/v1/enrol", "/device/v1/enrol/activate", "/device/v1/evidence", "/device/v1/verdicts", "/device/v1/watch"],
            Routes(silo.Process.DeviceRoutes).Select(route => route.Path).Order());
    }

    [Fact]
    public async Task A37_A_session_opens_nothing_without_a_client_certificate()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = new TestDevice("nobody");
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await device.ConnectAsync(silo.Devices, certificate: false);
            await device.PostAsync("/device/v1/challenge", [], silo.Token);
        });
    }

    [Fact]
    public async Task A37_A_device_certificate_is_nobody_for_operators()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var folder = Directory.CreateTempSubdirectory("trustmesh-tls-").FullName;
        var files = new TlsFiles(Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem"));
        using var own = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(files.Certificate, own.ExportCertificatePem());
        await File.WriteAllTextAsync(files.Key, key.ExportPkcs8PrivateKeyPem());
        await using var process = await TrustMesh.Host.SiloProcess.StartAsync(
            new(Path.Combine(folder, "state"), "mesh", new(IPAddress.Loopback, 0), new(IPAddress.Loopback, 0), ["localhost"], files, [], new HashSet<string>(), null, null, null, null, new()),
            new LogLines(), TimeProvider.System, CancellationToken.None);
        Assert.Equal("https", process.OperatorAddress.Scheme);
        using var client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new() { ClientCertificates = [own], LocalCertificateSelectionCallback = (_, _, _, _, _) => own, RemoteCertificateValidationCallback = (_, _, _, _) => true },
        });
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(new Uri(process.OperatorAddress, "/api/v1/mesh"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync(new Uri(process.OperatorAddress, "/device/v1/challenge"), new ByteArrayContent([]))).StatusCode);
        // Whoever may know is told when that certificate ends, and that there is another one in its place that nobody uses yet.
        var served = await SettingsReport.OfAsync(process.Silo, CancellationToken.None);
        Assert.Equal(own.GetCertHashString(HashAlgorithmName.SHA256), Assert.Single(served.Dated, one => one.What == "operators").Fingerprint, ignoreCase: true);
        using var next = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await File.WriteAllTextAsync(files.Certificate, next.ExportCertificatePem());
        Assert.Contains("another one since, which counts until 2099-01-01", Assert.Single((await SettingsReport.OfAsync(process.Silo, CancellationToken.None)).Dated, one => one.What == "operators").Renewal, StringComparison.Ordinal);
        await process.DisposeAsync();
        Directory.Delete(folder, true);
    }

    private static IEnumerable<(string Method, string Path, Access? Access)> Routes(IEnumerable<Endpoint> endpoints)
    {
        foreach (var route in endpoints.OfType<RouteEndpoint>())
            foreach (var method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
                yield return (method, "/" + route.RoutePattern.RawText!.TrimStart('/'), route.Metadata.GetMetadata<Access>());
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string method, string path)
    {
        using var request = new HttpRequestMessage(new(method), new Uri(client.BaseAddress!, path.Replace("{id}", "device-1", StringComparison.Ordinal).Replace("{name}", "silo", StringComparison.Ordinal).Replace("{from}", "device-1", StringComparison.Ordinal).Replace("{to}", "device-1", StringComparison.Ordinal).Replace("{session}", "0123456789abcdef", StringComparison.Ordinal).Replace("{passkey}", "0123456789abcdef", StringComparison.Ordinal)));
        if (method != "GET") request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return answer.StatusCode;
    }
}
