using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.History;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Host.Operator;

/// <summary>The past, from the log.</summary>
public static class HistoryRoutes
{
    private const int MostChanges = 20_000;

    public static void Map(IEndpointRouteBuilder api, Silo silo)
        => api.MapGet("/history", async (DateTimeOffset? from, DateTimeOffset? to, int? limit, CancellationToken cancellation) =>
        {
            if (limit is < 1 or > MostChanges) return ApiProblem.Invalid.With($"limit must be 1 to {MostChanges}.");
            var end = Earlier(to ?? silo.Time.GetUtcNow(), silo.Time.GetUtcNow());
            var start = from ?? end.AddHours(-1);
            if (start > end) return ApiProblem.Invalid.With("from must not be after to, nor after now.");
            return await LogRoutes.ReadAsync(async () =>
            {
                var span = await silo.History.ReadAsync(start, end, limit ?? MostChanges, cancellation);
                return Results.Ok(new HistoryView(start.ToUniversalTime(), span.Until.ToUniversalTime(), span.Begins, Devices(silo.Directory, span), [.. span.Changes.Select(Change)], span.More,
                    span.Retagged.Count == 0 ? null : [.. span.Retagged.Select(one => new PastTags(one.At, one.Device.Text, one.Tags))]));
            });
        }).For(OperatorRole.Viewer).Produces<HistoryView>().Produces<Problem>(400, "application/problem+json").WithSummary("How devices looked at an instant, and what changed from there on.");

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static IReadOnlyList<PastDevice> Devices(DeviceDirectory directory, LookSpan span)
    {
        var names = span.Before.ToDictionary(one => one.Key, one => one.Value.Name);
        foreach (var change in span.Changes) names[change.Device] = change.Name;
        return [.. names.Select(one => Device(one.Key, one.Value, directory.TryGet(one.Key, out var entry) ? entry : null, span))];
    }

    private static PastDevice Device(DeviceId id, string name, DeviceEntry? now, LookSpan span)
    {
        var past = span.Before.GetValueOrDefault(id);
        // Tags of which the log has no change are what they always were.
        var tags = span.Tags.GetValueOrDefault(id) ?? now?.Tags;
        return new(id.Text, name, now?.Site ?? "", now?.Model ?? "", now is null ? "" : Tiers.Text(now.Tier), past?.Look, past?.Since, tags is { Count: > 0 } ? tags : null);
    }

    private static PastChange Change(LookChange change) => new(change.At, change.Device.Text, change.Look, EventKinds.Text(change.Kind), change.Text, change.Actor);
}
