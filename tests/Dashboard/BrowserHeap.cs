using Microsoft.Playwright;

namespace TrustMesh.Tests.Dashboard;

/// <summary>What a page's scripts hold, once what nobody needs is collected.</summary>
public sealed class BrowserHeap
{
    private readonly ICDPSession _session;

    private BrowserHeap(ICDPSession session) => _session = session;

    public static async Task<BrowserHeap> OpenAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("HeapProfiler.enable");
        return new BrowserHeap(session);
    }

    /// <summary>Objects and the buffers behind them, MB of 2^20 bytes.</summary>
    public async Task<double> MegabytesAsync()
    {
        // The first finds what finalizers let go of only then.
        for (var i = 0; i < 2; i++)
            await _session.SendAsync("HeapProfiler.collectGarbage");
        var usage = (await _session.SendAsync("Runtime.getHeapUsage"))!.Value;
        return (usage.GetProperty("usedSize").GetDouble() + (usage.TryGetProperty("backingStorageSize", out var buffers) ? buffers.GetDouble() : 0)) / 1_048_576;
    }
}
