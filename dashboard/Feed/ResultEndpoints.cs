using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Feed;

/// <summary>What a page shows as a file, asked of the silo anew in the user's name: <c>/feed/NAME.csv</c> and <c>/feed/NAME.json</c>, with the page's own query in the address.</summary>
public static class ResultEndpoints
{
    /// <summary>Entries of a log's file; who wants them all takes them with trustmesh log export.</summary>
    private const int MostEntries = 10_000;

    /// <summary>Edges of a file: as many as ten thousand devices have.</summary>
    private const int MostEdges = 100_000;

    /// <summary>As many as a silo gives (API.md): where there are so many, there may be more.</summary>
    private const int MostEvents = 1000, MostResolved = 500, MostOutliers = 50, LogPage = 1000;

    public static void MapResults(this IEndpointRouteBuilder routes)
    {
        var clock = routes.ServiceProvider.GetRequiredService<TimeProvider>();
        Map(routes, ResultFiles.Devices, DevicesAsync);
        Map(routes, ResultFiles.Edges, (silo, asked, cancel) => EdgesAsync(silo, asked, clock.GetUtcNow(), cancel));
        Map(routes, ResultFiles.Changes, ChangesAsync);
        Map(routes, ResultFiles.Log, LogAsync);
        Map(routes, ResultFiles.Events, async (silo, _, cancel) => Newest(await silo.EventsAsync(cancel), MostEvents));
        Map(routes, ResultFiles.Alerts, async (silo, _, cancel) =>
        {
            var alerts = await silo.AlertsAsync(cancel);
            return new(alerts, alerts.Count(one => one.ResolvedAt is not null) >= MostResolved ? $"newest-{MostResolved}-resolved" : null);
        });
        Map(routes, ResultFiles.Revocations, async (silo, _, cancel) => new([.. (await silo.RevocationsAsync(cancel)).Devices.OrderByDescending(device => device.At)]));
        Map(routes, ResultFiles.Outliers, async (silo, _, cancel) =>
        {
            var outliers = await silo.OutliersAsync(cancel);
            return new(outliers, outliers.Count >= MostOutliers ? $"commonest-{MostOutliers}" : null);
        });
        Map(routes, ResultFiles.Measurements, async (silo, asked, cancel) => asked["device"].ToString() is { Length: > 0 } device
            ? new FoundRows<Measurement>((await silo.DeviceAsync(device, cancel)).Measurements) : throw new SiloException("invalid", "device says whose measurements these are.", null));
    }

    private static void Map<T>(IEndpointRouteBuilder routes, ResultFile<T> file, Func<SiloClient, IQueryCollection, CancellationToken, Task<FoundRows<T>>> find)
    {
        foreach (var (ending, type, write) in new (string, string, Func<IReadOnlyList<T>, byte[]>)[] { ("csv", "text/csv; charset=utf-8", rows => file.Csv(rows)), ("json", "application/json", file.Array) })
            routes.MapGet($"/feed/{file.Name}.{ending}", async (HttpContext context, SiloConnection connection) =>
            {
                try
                {
                    var found = await find(connection.For(SessionCookie.Token(context.User)), context.Request.Query, context.RequestAborted);
                    await Results.File(write(found.Rows), type, $"{file.Name}{(found.Part is { } part ? $"-{part}" : "")}.{ending}").ExecuteAsync(context);
                }
                catch (SiloException problem)
                {
                    await FeedEndpoints.RefuseAsync(context, problem);
                }
            });
    }

    /// <summary>The devices a query finds now.</summary>
    private static async Task<FoundRows<GraphNode>> DevicesAsync(SiloClient silo, IQueryCollection asked, CancellationToken cancel)
    {
        var query = Query(asked, asked["look"]);
        var graph = await silo.GraphAsync(cancel);
        // By the silo's clock, as its own list has it.
        return new(query.Of(graph.Nodes.Where(node => node.Kind == "device"), graph.At));
    }

    private static async Task<FoundRows<PeerEdge>> EdgesAsync(SiloClient silo, IQueryCollection asked, DateTimeOffset now, CancellationToken cancel)
    {
        var edges = EdgeQuery.WorstFirst(await silo.FindEdgesAsync(Query(asked, null).Query.Text, asked["look"].ToString(), cancel), now);
        return edges.Count > MostEdges ? new([.. edges.Take(MostEdges)], $"worst-{MostEdges}") : new(edges);
    }

    private static async Task<FoundRows<LookDifference>> ChangesAsync(SiloClient silo, IQueryCollection asked, CancellationToken cancel)
    {
        if (InstantText.Parse(asked["from"]) is not { } from)
            throw new SiloException("invalid", "from is the instant to compare with, such as 2026-03-01T18:00:00Z.", null);
        var past = await silo.LongHistoryAsync(from, InstantText.Parse(asked["to"]) ?? DateTimeOffset.MaxValue, cancel);
        return new(LookDifference.Of(past), past.More ? $"until-{InstantText.Of(past.To).Replace(":", "", StringComparison.Ordinal)}" : null);
    }

    private static async Task<FoundRows<LogFinding>> LogAsync(SiloClient silo, IQueryCollection asked, CancellationToken cancel)
    {
        var query = LogQuery.Of(asked["kind"], asked["by"], asked["text"], InstantText.Parse(asked["since"]), InstantText.Parse(asked["until"]));
        var (found, next) = (new List<LogFinding>(), (string?)null);
        do
        {
            var page = await silo.LogEntriesAsync(query, next, Math.Min(LogPage, MostEntries - found.Count), cancel);
            found.AddRange(page.Entries);
            next = page.Next;
        }
        while (next is not null && found.Count < MostEntries);
        return new(found, next is null ? null : $"newest-{MostEntries}");
    }

    private static FoundRows<T> Newest<T>(IReadOnlyList<T> rows, int most) => new(rows, rows.Count >= most ? $"newest-{most}" : null);

    /// <summary>What a page's address asks for.</summary>
    private static DeviceQuery Query(IQueryCollection asked, string? looks)
    {
        var query = DeviceQuery.Parse(asked["q"], looks, asked["site"], asked["order"]);
        return query.Problem is { } wrong ? throw new SiloException("invalid", wrong.ToString(), null) : query;
    }
}
