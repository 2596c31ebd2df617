using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Host.Operator;

/// <summary>API tokens: what machines carry instead of a session. People who are admin of the whole mesh make and revoke them, and no token does.</summary>
public static class ApiTokenRoutes
{
    private const string Problems = "application/problem+json";

    public static void Map(IEndpointRouteBuilder api, Silo silo)
    {
        api.MapGet("/api-tokens", async (CancellationToken cancellation) => Results.Ok(await silo.ApiTokens.ListAsync(cancellation)))
            .For(OperatorRole.Admin).Produces<IReadOnlyList<ApiTokenView>>().WithSummary("API tokens by name, without their text; those that ended in the last 30 days too.");

        api.MapPost("/api-tokens", async (ApiTokenRequest request, HttpContext context) =>
        {
            if (!Grammar.IsName(request.Name)) return ApiProblem.Invalid.With("name must be 1 to 63 of a-z, 0-9, '.' and '-', the first a letter or digit.");
            if (Reason.Wrong(request.Reason) is { } wrong) return wrong;
            if (OperatorRights.Parse(request.Grants, out var rightless) is not { } rights) return ApiProblem.Invalid.With(rightless);
            var life = request.TtlSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : ApiTokenDesk.Usual;
            if (life < ApiTokenDesk.Shortest || life > ApiTokenDesk.Longest)
                return ApiProblem.Invalid.With($"ttlSeconds must be {ApiTokenDesk.Shortest.TotalSeconds:0} to {ApiTokenDesk.Longest.TotalSeconds:0}, an hour to 366 days.");
            var by = AccessGate.Caller(context).Name;
            var act = await silo.ApiTokens.MakeAsync(request.Name, rights, life, by, context.RequestAborted, made => Lines(silo, by, Made(made, rights), request.Reason));
            if (act.Refused is { } refused) return ApiProblem.Conflict.With(refused);
            silo.Log.OperatorActed(by, $"made API token {request.Name}");
            return Results.Ok(new ApiTokenMade(act.Token!, act.Secret!));
        }).For(OperatorRole.Admin).Produces<ApiTokenMade>().Produces<Problem>(409, Problems).WithSummary("Makes an API token; its text is only in this answer.");

        api.MapPost("/api-tokens/{name}/revoke", async (string name, Decision decision, HttpContext context) =>
        {
            if (Reason.Wrong(decision.Reason, "A reason is needed; it stays in the log.") is { } wrong) return wrong;
            var by = AccessGate.Caller(context).Name;
            var act = Grammar.IsName(name) ? await silo.ApiTokens.RevokeAsync(name, by, context.RequestAborted, gone => Lines(silo, by, Revoked(gone), decision.Reason)) : null;
            if (act?.Refused is { } refused) return ApiProblem.Conflict.With(refused);
            if (act?.Token is not { } view) return ApiProblem.NotFound.With($"There is no API token {Grammar.Fit(name)}.");
            silo.Log.OperatorActed(by, $"revoked API token {name}");
            return Results.Ok(view);
        }).For(OperatorRole.Admin).Produces<ApiTokenView>().Produces<Problem>(404, Problems).Produces<Problem>(409, Problems).WithSummary("Revokes an API token: it opens nothing from then on, at every silo within three seconds, and its open streams end.");
    }

    private static string Made(ApiTokenView token, OperatorRights rights) => $"made API token {token.Name}, {rights.Text}, until {token.ExpiresAt!.Value.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z";

    private static string Revoked(ApiTokenView token) => token.State == ApiTokenView.Unreadable ? $"revoked API token {token.Name}, whose stored row could not be read" : $"revoked API token {token.Name}, made by {token.CreatedBy}";

    private static IReadOnlyList<TwinEvent> Lines(Silo silo, string actor, string what, string? reason) => OperatorLines.Of(silo.Time.GetUtcNow(), actor, what, null, null, reason?.Trim());
}
