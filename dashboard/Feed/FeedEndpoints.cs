using Microsoft.AspNetCore.Http.Features;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Snapshots;
using TrustMesh.Dashboard.Silo;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Feed;

/// <summary>
/// What the browser fetches besides pages: the silo's graph, its numbered feed and evidence bundles, handed on with the user's token, which never
/// leaves this process. Nothing here changes anything.
/// </summary>
public static class FeedEndpoints
{
    public static void MapFeed(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/feed/snapshot", (HttpContext context, SiloConnection silo) => HandOnAsync(context, silo, "graph", accept: SnapshotFormat.MediaType));
        routes.MapGet("/feed/deltas", (HttpContext context, SiloConnection silo, long after) => HandOnAsync(context, silo, $"graph/feed?after={after}", live: true));
        routes.MapGet("/feed/history", (HttpContext context, SiloConnection silo, DateTimeOffset from, DateTimeOffset to) =>
            HandOnAsync(context, silo, $"history?from={SiloClient.Instant(from)}&to={SiloClient.Instant(to)}"));
        routes.MapGet("/feed/silo.cdx.json", (HttpContext context, SiloConnection silo) => HandOnAsync(context, silo, "sbom", download: "trustmesh-silo.cdx.json"));
        routes.MapGet("/feed/dashboard.cdx.json", () => File.Exists(Sbom.FileOf(typeof(FeedEndpoints).Assembly))
            ? Results.File(Sbom.FileOf(typeof(FeedEndpoints).Assembly), Sbom.MediaType, "trustmesh-dashboard.cdx.json") : Results.NotFound());
        routes.MapLog();
        routes.MapResults();
        routes.MapGet("/feed/evidence/{id}", (HttpContext context, SiloConnection silo, string id) =>
            HandOnAsync(context, silo, $"devices/{SiloClient.Segment(id)}/evidence", download: $"{FileName(id)}.bundle"));
    }

    internal static Task RefuseAsync(HttpContext context, SiloException problem) => Results.Problem(
        title: problem.Message, statusCode: Status(problem.Code), extensions: new Dictionary<string, object?> { ["code"] = problem.Code, ["traceId"] = problem.TraceId })
        .ExecuteAsync(context);

    /// <param name="download">The name of the file it becomes.</param>
    /// <param name="live">What comes is passed on at once; else it is gathered, and packed the better for it.</param>
    internal static async Task HandOnAsync(HttpContext context, SiloConnection connection, string path, string? accept = null, string? download = null, bool live = false)
    {
        // A stream has no end of its own: it ends with the browser or with the process.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        var cancel = either.Token;
        try
        {
            using var answer = await connection.For(SessionCookie.Token(context.User)).OpenAsync(path, cancel, accept);
            if (accept == SnapshotFormat.MediaType && answer.Content.Headers.ContentType?.MediaType != accept)
            {
                await Results.Bytes(SnapshotWriter.Write(await SiloClient.ReadGraphAsync(answer, connection.Patience, cancel)), accept).ExecuteAsync(context);
                return;
            }
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            if (download is not null)
                context.Response.Headers.ContentDisposition = $"attachment; filename=\"{download}\"";
            await using var stream = await answer.Content.ReadAsStreamAsync(cancel);
            if (!live)
            {
                await stream.CopyToAsync(context.Response.Body, cancel);
                return;
            }
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            // A comment of the feed is passed on as it comes: copying flushes after every read.
            var buffer = new byte[32 * 1024];
            for (int read; (read = await stream.ReadAsync(buffer, cancel)) > 0;)
            {
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), cancel);
                await context.Response.Body.FlushAsync(cancel);
            }
        }
        catch (SiloException problem) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context, problem);
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException or OperationCanceledException)
        {
            // One side is gone in the middle of a stream. Cutting the other is the only way to say so: an orderly end would look complete.
            context.Abort();
        }
    }

    private static int Status(string code) => code switch
    {
        "unauthenticated" => StatusCodes.Status401Unauthorized,
        "forbidden" => StatusCodes.Status403Forbidden,
        "not_found" => StatusCodes.Status404NotFound,
        "ambiguous" or "conflict" => StatusCodes.Status409Conflict,
        "rate_limited" => StatusCodes.Status429TooManyRequests,
        "invalid" => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status502BadGateway,
    };

    /// <summary>An id as a file name: only what a UEID text has (A44).</summary>
    private static string FileName(string id)
    {
        var safe = string.Concat(id.Where(char.IsAsciiLetterOrDigit).Take(53));
        return safe.Length == 0 ? "evidence" : safe;
    }
}
