using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Trust.Operators;

namespace TrustMesh.Host.Operator;

/// <summary>The silos of the mesh: how each is doing, and what it holds. Any of them tells of all.</summary>
public static class SiloRoutes
{
    /// <summary>Names in the sentence of a refusal; the list has all.</summary>
    private const int MostNamed = 20;

    public static void Map(IEndpointRouteBuilder api, Silo silo)
    {
        api.MapGet("/silos", async (CancellationToken cancellation) => Results.Ok(await silo.Place.SilosAsync(cancellation)))
            .For(OperatorRole.Viewer).Produces<IReadOnlyList<SiloView>>().WithSummary("The silos of the mesh, dead and silent ones too, by name.");

        api.MapGet("/silos/{name}", async (string name, CancellationToken cancellation) =>
        {
            var silos = await silo.Place.SilosAsync(cancellation);
            return silos.FirstOrDefault(one => one.Name == name) is { } found ? Results.Ok(found) : ApiProblem.NotFound.With($"No silo of this mesh has this name. There {Names(silos)}.");
        }).For(OperatorRole.Viewer).Produces<SiloView>().Produces<Problem>(404, "application/problem+json").WithSummary("One silo: health, share, rates, duties, storage errors.");
    }

    private static string Names(IReadOnlyList<SiloView> silos)
        => (silos.Count == 1 ? "is " : "are ") + string.Join(", ", silos.Take(MostNamed).Select(one => one.Name)) + (silos.Count > MostNamed ? $" and {silos.Count - MostNamed} more" : "");
}
