using Microsoft.AspNetCore.Http;
using TrustMesh.Host.Device;
using TrustMesh.Wire;

namespace TrustMesh.Host.Telemetry;

/// <summary>Refusals with their reasons, which devices never learn. A flood of them is counted instead of written (attack A42).</summary>
public sealed class RefusalLog(SiloLog log, TimeProvider time)
{
    private const int PerSecond = 20;

    private readonly RateLimit<int> limit = new(PerSecond, time);
    private int leftOut;

    /// <param name="device">Id or name, as far as it is known.</param>
    public void Log(string device, HttpContext context, string step, string code, string reason)
    {
        if (!limit.TryTake(0))
        {
            Interlocked.Increment(ref leftOut);
            return;
        }
        if (Interlocked.Exchange(ref leftOut, 0) is > 0 and var count) log.RefusalsLeftOut(count);
        log.Refused(device, $"{context.Connection.RemoteIpAddress}", step, code, Grammar.Fit(reason));
    }
}
