using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace TrustMesh.Tests.Dashboard;

/// <summary>The silos of the fake's mesh; the fake itself is one of them, whatever it says.</summary>
public sealed partial class FakeSilo
{
    // Whoever is active has just said so.
    private void MapSilos(RouteGroupBuilder api) => api.MapGet("/silos", (HttpContext context) => Guard(context, "viewer", () =>
        Results.Ok(Fleet.Silos.Select(silo => silo.Health == "active" ? silo with { ReportedAt = DateTimeOffset.UtcNow } : silo))));
}
