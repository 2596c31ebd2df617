using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace TrustMesh.Tests.Dashboard;

/// <summary>The silos of the fake's mesh; the fake itself is one of them, whatever it says.</summary>
public sealed partial class FakeSilo
{
    private void MapSilos(RouteGroupBuilder api) => api.MapGet("/silos", (HttpContext context) => Guard(context, "viewer", () => Results.Ok(Fleet.Silos)));
}
