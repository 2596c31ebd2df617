using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Trust.Operators;

namespace TrustMesh.Host.Operator;

/// <summary>Who is on the status list, how it came to be, and how far it has come.</summary>
public static class RevocationRoutes
{
    public static void Map(IEndpointRouteBuilder api, Silo silo)
    {
        api.MapGet("/revocations", () => silo.Status.View()).For(OperatorRole.Viewer).WithSummary("The status list in force.");

        api.MapGet("/revocations/history", async (int? limit, CancellationToken cancellation) => limit is < 1 or > 1000
            ? ApiProblem.Invalid.With("limit must be 1 to 1000.")
            : Results.Ok(await silo.Status.HistoryAsync(limit ?? 100, cancellation)))
            .For(OperatorRole.Viewer).Produces<IReadOnlyList<RevocationIssue>>().WithSummary("Status lists, newest first, with what each changed.");

        api.MapGet("/revocations/propagation", (long? serial) => silo.Propagation.View(serial, silo.Directory.Entries) is { } view
            ? Results.Ok(view)
            : ApiProblem.NotFound.With($"Status list {serial} is not one of the newest, whose way is followed. Leave the serial out for the one in force."))
            .For(OperatorRole.Viewer).Produces<PropagationView>().WithSummary("Which devices enforce a status list, and how long it took.");
    }
}
