using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TrustMesh.Dashboard.Hosting;
using TrustMesh.Tests.Host;

namespace TrustMesh.Tests.Dashboard;

/// <summary>The real dashboard on a real socket, beside a <see cref="FakeSilo"/>.</summary>
public sealed class RunningDashboard : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningDashboard(WebApplication app, FakeSilo silo, LogMemory log) => (_app, Silo, Log) = (app, silo, log);

    public FakeSilo Silo { get; }

    /// <summary>Everything the dashboard logged.</summary>
    public LogMemory Log { get; }

    public Uri Address => new(_app.Urls.First());

    public IServiceProvider Services => _app.Services;

    /// <param name="silos">Addresses the dashboard is started with, of the silo here and others; null: this one's.</param>
    public static async Task<RunningDashboard> StartAsync(FakeFleet fleet, string? state = null, Func<FakeSilo, Task<IReadOnlyList<Uri>>>? silos = null)
    {
        var silo = new FakeSilo(fleet);
        await silo.StartAsync();
        var app = DashboardApp.Create(new DashboardSettings(silos is null ? [silo.Address] : await silos(silo), new Uri("http://127.0.0.1:0"), null, state, []));
        var log = new LogMemory();
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        await app.StartAsync();
        return new RunningDashboard(app, silo, log);
    }

    /// <summary>The fake is there and nobody asks it: the dashboard speaks to a real silo.</summary>
    public static Task<RunningDashboard> BesideAsync(RunningSilo silo)
        => StartAsync(new FakeFleet(), silos: _ => Task.FromResult<IReadOnlyList<Uri>>([new(silo.Process.OperatorAddress.GetLeftPart(UriPartial.Authority))]));

    /// <summary>A client without a browser; it keeps cookies and follows nothing.</summary>
    public HttpClient Client() => new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = Address };

    /// <summary>What the sign-in form answers to a code, without a browser.</summary>
    public static async Task<HttpResponseMessage> SubmitAsync(HttpClient client, string code)
    {
        var token = Regex.Match(await client.GetStringAsync("/sign-in"), "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value;
        return await client.PostAsync("/sign-in", new FormUrlEncodedContent([new("_handler", "sign-in"), new("__RequestVerificationToken", token), new("Code", code)]));
    }

    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(deadline.Token);
        await _app.DisposeAsync();
        await Silo.DisposeAsync();
    }
}
