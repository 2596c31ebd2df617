using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Snapshots;
using TrustMesh.Trust.Feed;
using TrustMesh.Trust.Operators;

namespace TrustMesh.Host.Operator;

/// <summary>The graph and the streams. A stream ends with its session, and when the silo stops.</summary>
public static class FeedRoutes
{
    private const int Streams = 256;
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(10), Coalesce = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a stream may outlive its session.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    public static void Map(IEndpointRouteBuilder api, Silo silo)
    {
        var open = new StreamCount(Streams);
        api.MapGet("/graph", (HttpContext context) =>
        {
            context.Response.Headers.Vary = "Accept";
            return context.Request.GetTypedHeaders().Accept.Any(one => one.MediaType.Equals(SnapshotFormat.MediaType, StringComparison.OrdinalIgnoreCase))
                ? Results.Bytes(SnapshotWriter.Write(silo.Feed.Snapshot()), SnapshotFormat.MediaType) : Results.Ok(silo.Feed.Snapshot());
        }).For(OperatorRole.Viewer).Produces<GraphSnapshot>(200, "application/json", SnapshotFormat.MediaType).WithSummary("The whole graph at one sequence number, as JSON or in columns (SNAPSHOT.md).");

        api.MapGet("/graph/feed", (long? after, HttpContext context) => Stream(silo, context, open, after, silo.Feed.Graph.Last, async (stream, from) =>
        {
            if (silo.Feed.Delta(from) is not { } delta)
            {
                await stream.ResyncAsync();
                return null;
            }
            if (delta.Sequence == from) return from;
            await stream.SendAsync("delta", delta.Sequence, delta, ApiJson.Default.GraphDelta);
            // At most ten deltas a second per reader: what happens meanwhile comes in the next one.
            await Task.Delay(Coalesce, silo.Time, context.RequestAborted);
            return delta.Sequence;
        }, silo.Feed.Graph.WaitAsync)).For(OperatorRole.Viewer).Produces<GraphDelta>(200, "text/event-stream").WithSummary("Changes of the graph as server-sent events.");

        // Whoever wants what there is, and not to wait for what comes.
        api.MapGet("/events/recent", () => Results.Ok<IReadOnlyList<TrustEvent>>([.. (silo.Feed.Events.After(silo.Feed.Events.Oldest) ?? []).Reverse()]))
            .For(OperatorRole.Viewer).Produces<IReadOnlyList<TrustEvent>>().WithSummary("The events that are kept, newest first.");

        api.MapGet("/events", (long? after, HttpContext context) => Stream(silo, context, open, after, silo.Feed.Events.Oldest, async (stream, from) =>
        {
            // What is gone is gone: the reader gets what is still there.
            var start = from > silo.Feed.Events.Last ? silo.Feed.Events.Oldest : Math.Max(from, silo.Feed.Events.Oldest);
            if (silo.Feed.Events.After(start) is not { } news) return start;
            foreach (var line in news) await stream.SendAsync("event", line.Sequence, line, ApiJson.Default.TrustEvent);
            return start + news.Count;
        }, silo.Feed.Events.WaitAsync)).For(OperatorRole.Viewer).Produces<TrustEvent>(200, "text/event-stream").WithSummary("Events as server-sent events.");
    }

    private static async Task<IResult> Stream(
        Silo silo, HttpContext context, StreamCount open, long? after, long first,
        Func<EventStream, long, Task<long?>> send, Func<long, CancellationToken, Task> wait)
    {
        using var place = open.TryEnter();
        if (place is null) return ApiProblem.RateLimited.With($"{Streams} streams are open already; close one.");
        // A browser that reconnects says in a header where it was.
        if (context.Request.Headers["Last-Event-ID"] is [{ } last] && long.TryParse(last, System.Globalization.NumberStyles.None, null, out var seen)) after = seen;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, silo.Stopping);
        var stream = new EventStream(context.Response, ending.Token);
        var token = AccessGate.Token(context)!;
        try
        {
            await stream.StartAsync();
            long? position = after ?? first;
            // Long ago: a reader for whom nothing waits hears so at once, and need not guess whether more is still to come.
            var saidAt = DateTimeOffset.MinValue;
            while ((await AccessGate.IdentifyAsync(silo, token, ending.Token)).Identity is not null)
            {
                var before = position.Value;
                position = await send(stream, before);
                if (position is not { } at) break;
                var now = silo.Time.GetUtcNow();
                if (at != before) saidAt = now;
                else if (now - saidAt >= KeepAlive)
                {
                    await stream.KeepAliveAsync();
                    saidAt = now;
                }
                await Glanced(wait, at, silo.Time, ending.Token);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The reader went away or the silo stops: that is how a stream ends.
        }
        return Results.Empty;
    }

    /// <summary>Until there is news, or it is time to see whether the session still counts.</summary>
    private static async Task Glanced(Func<long, CancellationToken, Task> wait, long after, TimeProvider time, CancellationToken cancellation)
    {
        using var quiet = new CancellationTokenSource(Glance, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(quiet.Token, cancellation);
        try
        {
            await wait(after, either.Token);
        }
        catch (OperationCanceledException) when (quiet.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return;
        }
    }
}
