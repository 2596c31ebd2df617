using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

/// <summary>The log of the fake: what its events say.</summary>
public sealed partial class FakeSilo
{
    private void MapLog(RouteGroupBuilder api)
    {
        api.MapGet("/history", (HttpContext context, DateTimeOffset from, DateTimeOffset to) => Guard(context, "viewer", () => Results.Ok((Past ?? Fleet.Past)(from, to < DateTimeOffset.UtcNow ? to : DateTimeOffset.UtcNow))));
        api.MapGet("/log", (HttpContext context) => Guard(context, "viewer", () => Results.Ok<IReadOnlyList<LogView>>(
            [new(0, $"{Fleet.Mesh().Name}/log/0", Logged().Count, "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=", Fleet.Now)])));
        api.MapGet("/log/entries", (HttpContext context, string? kind, string? by, string? text, DateTimeOffset? since, DateTimeOffset? until, int limit, string? cursor) => Guard(context, "viewer", () =>
        {
            bool Has(string all, string? part) => part is null || all.Contains(part, StringComparison.OrdinalIgnoreCase);
            var all = Logged().Where(one => (kind is null || one.Kind == kind) && Has(one.Actor, by) && (Has(one.Text, text) || Has(one.Name, text)) && !(one.At < since) && !(one.At > until)
                && (cursor is null || one.Index < long.Parse(cursor, System.Globalization.CultureInfo.InvariantCulture))).Reverse().ToList();
            var page = all.Take(limit).ToList();
            return Results.Ok(new LogFindings([.. page.Select(one => new LogFinding(0, one))], page.Count < all.Count ? $"{page[^1].Index}" : null, page.LastOrDefault()?.At));
        }));
    }

    /// <summary>What the log tells of a stretch of the past; null: what the fleet makes up.</summary>
    public Func<DateTimeOffset, DateTimeOffset, HistoryView>? Past { get; set; }

    private List<LogEntryView> Logged()
    {
        lock (_lock)
            return [.. _events.Select((one, at) => new LogEntryView(at, one.At, one.Kind, one.Device, one.Name ?? "", one.Text, one.Actor, one.Device is null ? 0 : at + 1))];
    }
}
