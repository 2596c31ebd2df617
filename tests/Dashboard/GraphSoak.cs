using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Hosting;
using TrustMesh.Fleet;

namespace TrustMesh.Tests.Dashboard;

/// <summary>
/// The graph left open while the mesh changes and changes: what the browser and what the server hold, every minute, and whether it grows. On demand:
/// TRUSTMESH_SOAK_MINUTES says how long; TRUSTMESH_SOAK_RATE (1000) changes a second among TRUSTMESH_SOAK_DEVICES (10000); with TRUSTMESH_SOAK_SILO=real a real silo with
/// simulated devices beside the dashboard, else a stand-in.
/// </summary>
[Collection(GraphCollection.Name)]
public sealed class GraphSoak(Browser browser) : DashboardTests(browser)
{
    [Fact]
    public async Task A_graph_that_is_left_open_holds_no_more_after_hours_than_after_minutes()
    {
        var (minutes, rate, devices) = (Number("MINUTES", 0), Number("RATE", 1000), Number("DEVICES", 10_000));
        Assert.SkipUnless(minutes > 0, "TRUSTMESH_SOAK_MINUTES is not set: measured on demand");
        await using var mesh = await StartMeshAsync(devices, rate);
        await using var app = DashboardApp.Create(new DashboardSettings([mesh.Silo], new Uri("http://127.0.0.1:0"), null, null, []));
        await app.StartAsync();
        var (page, complaints) = await OpenAsync();
        await page.GotoAsync($"{app.Urls.First()}/sign-in?back=%2Fgraph%3Flevel%3Dall");
        await page.GetByLabel("One-time code").FillAsync(mesh.Code);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await GraphLiveAsync(page);
        var heap = await BrowserHeap.OpenAsync(page);
        var (scripts, server, resident) = (new List<(double, double)>(), new List<(double, double)>(), new List<(double, double)>());
        var clock = Stopwatch.StartNew();
        Say($"{devices:N0} devices, {rate:N0} changes a second, {(mesh.IsReal ? "a real silo" : "a stand-in for the silo")} and the dashboard in one process; load average {Load()}, {Environment.ProcessorCount} cores");
        var (told, cpu) = (await ToldAsync(page), Environment.CpuUsage.TotalTime);
        for (var minute = 1; minute <= minutes; minute++)
        {
            await mesh.LiveAsync(TimeSpan.FromMinutes(minute) - clock.Elapsed);
            var at = clock.Elapsed.TotalMinutes;
            var (tellsNow, cpuNow) = (await ToldAsync(page), Environment.CpuUsage.TotalTime);
            scripts.Add((at, await heap.MegabytesAsync()));
            server.Add((at, GC.GetTotalMemory(forceFullCollection: true) / 1_048_576.0));
            resident.Add((at, Environment.WorkingSet / 1_048_576.0));
            Say($"minute {minute}: browser {scripts[^1].Item2:N1} MB, server's heap {server[^1].Item2:N1} MB, its process {resident[^1].Item2:N0} MB; {(tellsNow - told) / 60:N0} changes a second reached the picture, server {(cpuNow - cpu).TotalSeconds / 0.6:N0} % of a core; load average {Load()}");
            (told, cpu) = (tellsNow, cpuNow);
            Assert.Equal("live", (await StatsAsync(page)).GetProperty("live").GetString());
        }
        // What loads, compiles and is told for the first time says nothing of what grows.
        var first = Math.Min(minutes / 2, Math.Max(5, minutes / 5));
        var verdicts = new[] { ("browser's scripts", scripts), ("server's heap", server), ("server's process", resident) }.Select(one => (Name: one.Item1, Trend: Trend.Of(one.Item2[first..]))).ToList();
        foreach (var (name, trend) in verdicts)
            Say($"VERDICT {name}: {trend}, minutes {first + 1} to {minutes}");
        await page.Context.CloseAsync();
        Assert.Empty(complaints);
        Assert.DoesNotContain(verdicts, one => one.Trend.Grows);
    }

    private static async Task<IMesh> StartMeshAsync(int devices, int rate)
    {
        var sites = Math.Max(1, devices / 100);
        if (Environment.GetEnvironmentVariable("TRUSTMESH_SOAK_SILO") == "real")
        {
            var folder = Directory.CreateTempSubdirectory("trustmesh-soak-");
            return new RealMesh(await RunningFleet.StartAsync(new FleetOptions(devices, sites, rate, 1, Path.Combine(folder.FullName, "state"), null, null), _ => { }, null, default), folder);
        }
        var silo = new FakeSilo(FakeFleet.Of(devices, sites, calm: 0.97, peers: 4));
        await silo.StartAsync();
        return new StandIn(silo, rate);
    }

    private static int Number(string name, int standard) => int.TryParse(Environment.GetEnvironmentVariable($"TRUSTMESH_SOAK_{name}"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : standard;

    private static void Say(FormattableString words) => TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant(words));

    private static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    private static async Task<double> ToldAsync(IPage page) => (await StatsAsync(page)).GetProperty("told").GetDouble();

    private static async Task<JsonElement> StatsAsync(IPage page) => JsonElement.Parse(await page.EvaluateAsync<string>("() => JSON.stringify(window.__trustgraph.stats())"));

    private interface IMesh : IAsyncDisposable
    {
        Uri Silo { get; }

        string Code { get; }

        bool IsReal { get; }

        /// <summary>Changes for so long.</summary>
        Task LiveAsync(TimeSpan time);
    }

    private sealed class RealMesh(RunningFleet fleet, DirectoryInfo folder) : IMesh
    {
        public Uri Silo => fleet.Address;

        public string Code => fleet.Code;

        public bool IsReal => true;

        public async Task LiveAsync(TimeSpan time)
        {
            if (time > TimeSpan.Zero)
                Assert.NotSame(fleet.Life, await Task.WhenAny(fleet.Life, Task.Delay(time)));
        }

        public async ValueTask DisposeAsync()
        {
            await fleet.DisposeAsync();
            folder.Delete(recursive: true);
        }
    }

    private sealed class StandIn(FakeSilo silo, int rate) : IMesh
    {
        private readonly FleetChanges _changes = new(silo, rate);

        public Uri Silo => silo.Address;

        public string Code => "code-operator";

        public bool IsReal => false;

        public Task LiveAsync(TimeSpan time) => _changes.GoOnAsync(time);

        public ValueTask DisposeAsync() => silo.DisposeAsync();
    }
}
