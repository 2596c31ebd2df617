using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace TrustMesh.Tests.Dashboard;

/// <summary>One headless Chromium for all dashboard tests; each test gets a profile of its own.</summary>
public sealed class Browser : IAsyncLifetime
{
    /// <summary>The shell is the same browser without windows of its own: those cost a third of the processor time of a test, and nobody sees them.</summary>
    private static readonly string? s_chromium = new[] { "/usr/bin/chromium-headless-shell", "/usr/bin/chromium" }.FirstOrDefault(File.Exists);

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private IBrowserContext? _open;

    public async ValueTask InitializeAsync()
    {
        if (s_chromium is null)
            return;
        Assertions.SetDefaultExpectTimeout(20_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = s_chromium,
            // Tests run as root in containers, where Chromium's own sandbox cannot; there is no GPU, so pages are put together without one, and WebGL is SwiftShader's.
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--enable-unsafe-swiftshader"],
        });
    }

    /// <summary>A page that remembers what its console complained about. Skips the test where there is no Chromium.</summary>
    public async Task<(IPage Page, ConcurrentQueue<string> Complaints)> OpenAsync(ColorScheme scheme = ColorScheme.Light)
    {
        Assert.SkipWhen(_browser is null, "no Chromium is installed (apt-get install chromium-headless-shell)");
        var context = _open = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = 1360, Height = 860 }, ColorScheme = scheme, Locale = "en-GB", TimezoneId = "UTC",
        });
        context.SetDefaultTimeout(20_000);
        var page = await context.NewPageAsync();
        var complaints = new ConcurrentQueue<string>();
        page.Console += (_, message) =>
        {
            // That a pixel is waited for is the graph's own measuring; a driver that draws in software says so each time.
            if (message.Type is "error" or "warning" && !message.Text.Contains("GPU stall due to ReadPixels", StringComparison.Ordinal))
                complaints.Enqueue(message.Text);
        };
        page.PageError += (_, error) => complaints.Enqueue(error);
        return (page, complaints);
    }

    /// <summary>Closes what the test had open: a page left behind would go on drawing beside the next test.</summary>
    public async ValueTask CloseAsync()
    {
        if (_open is not null)
            await _open.CloseAsync();
        _open = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
