using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

/// <summary>
/// What the graph costs in a browser: figures for tests/Bench/BENCHMARKS.md, on demand and never a test of time. Conditions stand beside them: headless
/// chromium without a graphics processor draws in software, on the cores of the silo and the dashboard.
/// </summary>
[Collection(GraphCollection.Name)]
public sealed class GraphMeasurements(Browser browser) : DashboardTests(browser)
{
    private const int Rounds = 7;
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(10_000, 100, "fleet")]
    [InlineData(10_000, 100, "all")]
    [InlineData(50_000, 500, "fleet")]
    [InlineData(50_000, 500, "all")]
    public async Task Figures_of_the_graph_are_printed(int devices, int sites, string level)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("TRUSTMESH_MEASURE") is { Length: > 0 }, "TRUSTMESH_MEASURE is not set: measured on demand");
        var fleet = FakeFleet.Of(devices, sites, calm: 0.97, peers: 4);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, _) = await SignedInAsync(dashboard, "/devices");
        await LiveAsync(page);
        var loads = new List<double>();
        for (var i = 0; i < 3; i++)
        {
            await page.GotoAsync(new Uri(dashboard.Address, $"/graph?level={level}").ToString());
            await GraphLiveAsync(page);
            loads.Add((await StatsAsync(page)).GetProperty("firstPaint").GetDouble());
        }
        var (scripts, pixels) = (new List<double>(), new List<double>());
        var changed = fleet.Devices.Values.Where(device => device.Look == Looks.Trusted).Take(1000).ToList();
        for (var round = 0; round < Rounds; round++)
        {
            var before = (await StatsAsync(page)).GetProperty("sequence").GetInt64();
            dashboard.Silo.Change([.. changed.Select(device => FakeFleet.Redraw(device with { Status = round % 2 == 0 ? "warning" : "affirming" }))]);
            await page.WaitForFunctionAsync("before => window.__trustgraph.stats().sequence > before", before);
            await page.EvaluateAsync("() => window.__trustgraph.whenSettled()");
            var last = (await StatsAsync(page)).GetProperty("last");
            // The first one compiles shaders and scripts.
            if (round == 0) continue;
            scripts.Add(last.GetProperty("applied").GetDouble());
            pixels.Add(last.GetProperty("drawn").GetDouble());
        }
        var frames = await PanAsync(page);
        var heap = await (await BrowserHeap.OpenAsync(page)).MegabytesAsync();
        var stats = await StatsAsync(page);
        var (edges, read, bytes) = (stats.GetProperty("edgesKnown").GetInt32(), stats.GetProperty("read").GetDouble(), stats.GetProperty("bytes").GetDouble());
        // One person who looks, at a thousand changes a second: the page's circuit and the picture's feed, less what the mesh costs by itself.
        var changes = new FleetChanges(dashboard.Silo, 1000);
        var looked = await CpuAsync(changes);
        var told = (await StatsAsync(page)).GetProperty("told").GetDouble() - stats.GetProperty("told").GetDouble() - 3000;
        await page.GotoAsync("about:blank");
        var alone = await CpuAsync(changes);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"MEASURED | {devices:N0} devices, {edges:N0} edges, level {level} | load to pixels {loads.Min():N0} ms, of it {read:N0} ms to read {bytes / 1_048_576:N1} MB | 1,000 changes: script {Median(scripts):N0} ms, to pixels {Median(pixels):N0} ms | dragging: frame p50 {At(frames, 0.5):N0} ms, p95 {At(frames, 0.95):N0} ms | heap {heap:N0} MB | server for one who looks, {told / Watched.TotalSeconds:N0} changes/s: {looked - alone:N1} % of a core (with {looked:N1}, without {alone:N1}) | load average {File.ReadAllText("/proc/loadavg").Split(' ')[0]}, {Environment.ProcessorCount} cores |"));
    }

    /// <summary>Times between frames while the picture is dragged with the mouse, milliseconds.</summary>
    private static async Task<List<double>> PanAsync(IPage page)
    {
        var box = (await page.Locator("[data-graph-canvas]").BoundingBoxAsync())!;
        var (x, y) = (box.X + (box.Width / 2), box.Y + (box.Height / 2));
        await page.Mouse.MoveAsync(x, y);
        await page.Mouse.DownAsync();
        await page.EvaluateAsync("() => { window.frames_ = []; let last = performance.now(); window.count_ = now => { window.frames_.push(now - last); last = now; window.ask_ = requestAnimationFrame(window.count_); }; window.ask_ = requestAnimationFrame(window.count_); }");
        var clock = Stopwatch.StartNew();
        for (var step = 0; clock.Elapsed < TimeSpan.FromSeconds(4); step++)
            await page.Mouse.MoveAsync(x + (float)(150 * Math.Sin(step / 8.0)), y + (float)(60 * Math.Cos(step / 8.0)));
        await page.Mouse.UpAsync();
        var frames = await page.EvaluateAsync<double[]>("() => { cancelAnimationFrame(window.ask_); return window.frames_.slice(3); }");
        return [.. frames.Order()];
    }

    /// <summary>Of dashboard, stand-in and this test, in percent of a core, while changes go on.</summary>
    private static async Task<double> CpuAsync(FleetChanges changes)
    {
        // What is compiled or collected at first is not of those who look.
        await changes.GoOnAsync(TimeSpan.FromSeconds(3));
        GC.Collect();
        var before = Environment.CpuUsage.TotalTime;
        await changes.GoOnAsync(Watched);
        return (Environment.CpuUsage.TotalTime - before) / Watched * 100;
    }

    private static double Median(List<double> values) => At([.. values.Order()], 0.5);

    private static double At(List<double> sorted, double share) => sorted.Count == 0 ? double.NaN : sorted[(int)(share * (sorted.Count - 1))];

    private static async Task<JsonElement> StatsAsync(IPage page) => JsonElement.Parse(await page.EvaluateAsync<string>("() => JSON.stringify(window.__trustgraph.stats())"));
}
