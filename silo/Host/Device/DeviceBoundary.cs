using System.Net;
using Microsoft.AspNetCore.Http;
using TrustMesh.Host.Telemetry;
using TrustMesh.Trust.Mesh;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Host.Device;

/// <summary>Around every device route: the per-source limit before, and every failure as a code of PROTOCOL.md section 12 after.</summary>
public sealed class DeviceBoundary(RequestDelegate next, RateLimit<IPAddress> sources, Silo silo, SiloLog log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!sources.TryTake(context.Connection.RemoteIpAddress ?? IPAddress.None))
        {
            await DeviceProblem.Busy.WriteAsync(context);
            return;
        }
        try
        {
            await next(context);
            // A path or a method that does not exist: nothing more to say than that.
            if (context.GetEndpoint() is null || context.Response is { StatusCode: 405, HasStarted: false }) await DeviceProblem.Malformed.WriteAsync(context);
        }
        catch (Exception failed) when (!context.Response.HasStarted)
        {
            if (failed is OperationCanceledException or UnansweredException && context.RequestAborted.IsCancellationRequested) return;
            var problem = Classify(failed);
            if (problem == DeviceProblem.Unavailable) silo.SuspectStorage();
            if (problem.Status >= 500) log.RequestFailed(failed, context.Request.Path.Value ?? "", context.TraceIdentifier);
            context.Response.Clear();
            await problem.WriteAsync(context);
        }
    }

    private static DeviceProblem Classify(Exception failed) => failed switch
    {
        WireException => DeviceProblem.Malformed,
        BadHttpRequestException { StatusCode: 413 } => DeviceProblem.TooLarge,
        BadHttpRequestException => DeviceProblem.Malformed,
        StaleTwinException or StaleRecordException => DeviceProblem.Stale,
        _ => DeviceProblem.Unavailable,
    };
}
