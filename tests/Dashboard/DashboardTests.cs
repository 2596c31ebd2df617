using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace TrustMesh.Tests.Dashboard;

/// <summary>Shared ways of the dashboard's browser tests.</summary>
[Collection(DashboardCollection.Name)]
public abstract class DashboardTests(Browser browser) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await browser.CloseAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>What makes a page wider than its window; empty if nothing does.</summary>
    protected const string Widest = """
        () => {
          const most = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= most) return '';
          const within = element => element.closest('.scroll, .virtual, .tabs, .rail') === null || element.matches('.scroll, .virtual, .tabs, .rail');
          const wide = [...document.querySelectorAll('body *')].filter(element => within(element) && element.getBoundingClientRect().right > most + 0.5);
          return `${document.documentElement.scrollWidth} > ${most}: ` + wide.slice(-4).map(element => element.outerHTML.slice(0, 160)).join(' | ');
        }
        """;

    /// <summary>A signed-in page at <paramref name="path"/>.</summary>
    protected async Task<(IPage Page, ConcurrentQueue<string> Complaints)> SignedInAsync(
        RunningDashboard dashboard, string path, string code = "code-operator", ColorScheme scheme = ColorScheme.Light)
    {
        var (page, complaints) = await browser.OpenAsync(scheme);
        await page.GotoAsync(new Uri(dashboard.Address, $"/sign-in?back={Uri.EscapeDataString(path)}").ToString());
        await page.GetByLabel("One-time code").FillAsync(code);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.WaitForURLAsync(url => new Uri(url).PathAndQuery == path);
        // Nobody clicks faster than a page can hear it but a test.
        await page.WaitForFunctionAsync("() => document.getElementById('live')?.hasAttribute('data-interactive') ?? true");
        return (page, complaints);
    }

    protected Task<(IPage Page, ConcurrentQueue<string> Complaints)> OpenAsync() => browser.OpenAsync();

    /// <summary>Goes to another page as a link does, within the circuit, and waits until it is there.</summary>
    protected static async Task FollowAsync(IPage page, string path)
    {
        await page.EvaluateAsync("path => Blazor.navigateTo(path)", path);
        await page.WaitForFunctionAsync("path => document.getElementById('main')?.dataset.page === path", path);
    }

    /// <summary>By the Tab key alone.</summary>
    protected static async Task ReachAsync(IPage page, string selector)
    {
        for (var presses = 0; presses < 120; presses++)
        {
            if (await page.EvaluateAsync<bool>("selector => document.activeElement?.matches(selector) ?? false", selector))
                return;
            await page.Keyboard.PressAsync("Tab");
        }
        Assert.Fail($"{selector} cannot be reached with Tab.");
    }

    /// <summary>The feed of the page's circuit is live.</summary>
    protected static Task LiveAsync(IPage page) => Assertions.Expect(page.GetByTestId("live")).ToHaveTextAsync("Live", new() { Timeout = 20_000 });

    /// <summary>Writes with the keys into what is on the screen: what is not yet shown takes no focus, and the first letters would go elsewhere.</summary>
    protected static async Task WriteAsync(ILocator field, string text)
    {
        await Assertions.Expect(field).ToBeVisibleAsync();
        await field.FocusAsync();
        await Assertions.Expect(field).ToBeFocusedAsync();
        await field.Page.Keyboard.TypeAsync(text);
    }

    /// <summary>The graph has drawn a snapshot and is live.</summary>
    protected static async Task GraphLiveAsync(IPage page)
    {
        await page.WaitForFunctionAsync("() => window.__trustgraph?.stats().firstPaint != null && window.__trustgraph.stats().live === 'live'");
        await page.EvaluateAsync("() => window.__trustgraph.whenSettled()");
    }
}
