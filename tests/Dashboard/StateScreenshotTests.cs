using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Tests.Dashboard;

/// <summary>What a page looks like when something is missing, late, broken or small, in both themes, for the eye; kept where TRUSTMESH_SCREENSHOTS says.</summary>
public sealed class StateScreenshotTests(Browser browser) : DashboardTests(browser)
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Every_state_can_be_looked_at(ColorScheme scheme)
    {
        var folder = Environment.GetEnvironmentVariable("TRUSTMESH_SCREENSHOTS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "TRUSTMESH_SCREENSHOTS names no folder to keep them in");
        Directory.CreateDirectory(folder);
        await using (var nobody = await RunningDashboard.StartAsync(new FakeFleet()))
        {
            var (empty, _) = await SignedInAsync(nobody, "/", "code-admin", scheme);
            foreach (var (name, path) in new[] { ("overview", "/"), ("devices", "/devices"), ("enrolment", "/enrolment"), ("events", "/events"), ("alerts", "/alerts"), ("graph", "/graph") })
            {
                await empty.GotoAsync(new Uri(nobody.Address, path).ToString());
                if (path == "/graph") await empty.Locator("[data-graph-empty]").WaitForAsync();
                else await LiveAsync(empty);
                await empty.WaitForFunctionAsync("() => document.querySelector('.skeleton') === null");
                await ShotAsync(empty, $"empty-{name}");
            }
        }

        var fleet = FakeFleet.Of(48, 3);
        var bad = fleet.Devices.Values.First(device => device.Look == Looks.Contraindicated);
        var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, _) = await SignedInAsync(dashboard, "/", "code-admin", scheme);
        await page.SetViewportSizeAsync(390, 844);
        foreach (var (name, path) in new[] { ("devices", "/devices"), ("device", $"/devices/{bad.Id}"), ("peers", $"/devices/{bad.Id}?tab=peers"), ("overview", "/") })
        {
            await page.GotoAsync(new Uri(dashboard.Address, path).ToString());
            await LiveAsync(page);
            await page.WaitForFunctionAsync("() => document.querySelector('.skeleton') === null");
            await ShotAsync(page, $"phone-{name}");
        }
        await page.SetViewportSizeAsync(1360, 860);
        await page.GotoAsync(new Uri(dashboard.Address, "/no-such-page").ToString());
        await ShotAsync(page, "not-found");

        dashboard.Silo.Hang();
        foreach (var (name, path) in new[] { ("overview", "/"), ("devices", "/devices"), ("enrolment", "/enrolment"), ("graph", "/graph") })
        {
            await page.GotoAsync(new Uri(dashboard.Address, path).ToString());
            await page.WaitForFunctionAsync("() => [...document.querySelectorAll('.skeleton')].some(one => getComputedStyle(one).opacity === '1') || document.querySelector('[data-graph-pill]') !== null");
            await ShotAsync(page, $"loading-{name}");
        }
        await page.GotoAsync(new Uri(dashboard.Address, "/").ToString());
        await page.Locator(".skeleton").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        dashboard.Silo.Cut();
        await Assertions.Expect(page.Locator(".failure").First).ToBeVisibleAsync();
        await ShotAsync(page, "failed-overview");
        dashboard.Silo.Open();

        await page.GotoAsync(new Uri(dashboard.Address, "/sign-in").ToString());
        await page.GotoAsync(new Uri(dashboard.Address, "/graph").ToString());
        await GraphLiveAsync(page);
        foreach (var (name, media) in new[] { ("forced-colours", new PageEmulateMediaOptions { ForcedColors = ForcedColors.Active, ColorScheme = scheme }), ("more-contrast", new() { ForcedColors = ForcedColors.None, Contrast = Contrast.More, ColorScheme = scheme }) })
        {
            await page.EmulateMediaAsync(media);
            await page.EvaluateAsync("() => window.__trustgraph.whenSettled()");
            await ShotAsync(page, $"{name}-graph");
        }
        await page.EmulateMediaAsync(new() { Contrast = Contrast.NoPreference, ColorScheme = scheme });
        await page.AddInitScriptAsync("HTMLCanvasElement.prototype.getContext = (get => function (kind, ...more) { return kind.startsWith('webgl') ? null : get.call(this, kind, ...more); })(HTMLCanvasElement.prototype.getContext);");
        await page.GotoAsync(new Uri(dashboard.Address, "/graph").ToString());
        await page.WaitForURLAsync("**/graph?view=table*");
        await LiveAsync(page);
        await ShotAsync(page, "no-webgl");

        await page.GotoAsync(new Uri(dashboard.Address, "/devices").ToString());
        await LiveAsync(page);
        dashboard.Services.GetRequiredService<SiloConnection>().Dispose();
        await FollowAsync(page, "/policy");
        await page.Locator(".failure").First.WaitForAsync();
        await ShotAsync(page, "page-failed");
        await page.GotoAsync(new Uri(dashboard.Address, "/policy").ToString());
        await ShotAsync(page, "error");

        await using (var last = await RunningDashboard.StartAsync(fleet))
        {
            var (cut, _) = await SignedInAsync(last, "/devices", "code-admin", scheme);
            await LiveAsync(cut);
            await last.DisposeAsync();
            await cut.GetByRole(AriaRole.Alertdialog).WaitForAsync();
            await ShotAsync(cut, "reconnect");
        }
        await dashboard.DisposeAsync();

        Task ShotAsync(IPage of, string name) => of.ScreenshotAsync(new() { Path = Path.Combine(folder, $"state-{name}-{scheme}.png") });
    }
}
