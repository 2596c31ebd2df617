using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Trust.Operators;

namespace TrustMesh.Host.Operator;

/// <summary>How the silo runs and what stands where, to be read: what changes it is on its command line.</summary>
public static class SettingsRoutes
{
    public static void Map(IEndpointRouteBuilder api, Silo silo)
    {
        api.MapGet("/settings", async (CancellationToken cancellation) => Results.Ok(await SettingsReport.OfAsync(silo, cancellation)))
            .For(OperatorRole.Admin).Produces<SettingsView>().WithSummary("Certificates and until when they count, what is kept how long, what to back up; no secrets.");

        api.MapGet("/sites", () => Results.Ok(Sites(silo))).For(OperatorRole.Viewer).Produces<IReadOnlyList<SiteView>>().WithSummary("Sites by name, with how many devices look how.");
    }

    private static IReadOnlyList<SiteView> Sites(Silo silo)
    {
        var now = silo.Time.GetUtcNow();
        return [.. silo.Directory.Entries.GroupBy(entry => entry.Site).OrderBy(site => site.Key, StringComparer.Ordinal)
            .Select(site => (site.Key, Counts: site.CountBy(entry => entry.Look(now)).ToDictionary())).Select(site => new SiteView(site.Key, site.Counts.Values.Sum(), site.Counts))];
    }
}
