using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Trust.Acts;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Host.Operator;

/// <summary>The people of the mesh: who they are, what they may do, and letting them in no more. Every act is in the log with what was before, what is after, and why.</summary>
public static class OperatorRoutes
{
    private const string Reasonless = "A reason is needed; it stays in the log.";

    public static void Map(IEndpointRouteBuilder api, Silo silo)
    {
        api.MapGet("/operators", async (CancellationToken cancellation) => Results.Ok(await ViewsAsync(silo, cancellation)))
            .For(OperatorRole.Admin).Produces<IReadOnlyList<OperatorView>>().WithSummary("The people of the mesh, by name.");

        api.MapGet("/operators/groups", () => Results.Ok((silo.Settings.Oidc?.Groups ?? new Dictionary<string, IReadOnlyList<Grant>>()).OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => new GroupView(pair.Key, pair.Value)).ToList() as IReadOnlyList<GroupView>))
            .For(OperatorRole.Admin).Produces<IReadOnlyList<GroupView>>().WithSummary("What members of groups of the OpenID provider may do; none without a provider.");

        api.MapPost("/operators", async (OperatorRequest request, HttpContext context) =>
        {
            if (!Grammar.IsName(request.Name)) return ApiProblem.Invalid.With("name must be 1 to 63 of a-z, 0-9, '.' and '-', the first a letter or digit.");
            if (Reason.Wrong(request.Reason) is { } reasonless) return reasonless;
            OperatorRights? rights = null;
            if (request.Role is { } role)
            {
                if ((rights = OperatorRights.Parse([new(role, request.Sites)], out var wrong)) is null) return ApiProblem.Invalid.With(wrong);
            }
            else if (request.Sites is not null) return ApiProblem.Invalid.With("sites belong to a role; name one.");
            var by = AccessGate.Caller(context).Name;
            var act = await silo.People.InviteAsync(request.Name, rights, by, context.RequestAborted, done => Made(silo, by, request, done));
            if (act.Missing) return ApiProblem.NotFound.With($"Nobody is called {request.Name}; name a role to invite somebody new.");
            if (act.Refused is { } refused) return ApiProblem.Conflict.With(refused);
            // Who is new to the list has a line that says both.
            var (code, expires) = await silo.Operators.CreateCodeAsync(request.Name, context.RequestAborted, _ => act.Before == act.After ? Made(silo, by, request, act) : []);
            silo.Log.OperatorActed(by, $"made a sign-in code for {request.Name}");
            return Results.Ok(new OperatorCode(request.Name, request.Role ?? act.After!, code, expires));
        }).For(OperatorRole.Admin).Produces<OperatorCode>().Produces<Problem>(409, "application/problem+json").WithSummary("Makes a one-time sign-in code for a person, and puts them on the list.");

        api.MapPut("/operators/{name}/rights", async (string name, RightsChange change, HttpContext context) =>
        {
            if (Reason.Wrong(change.Reason, Reasonless) is { } reasonless) return reasonless;
            if (OperatorRights.Parse(change.Grants, out var wrong) is not { } rights) return ApiProblem.Invalid.With(wrong);
            var actor = AccessGate.Caller(context).Name;
            return await DoneAsync(silo, context, name, "rights", await silo.People.ChangeRightsAsync(name, rights, context.RequestAborted, done => Lines(silo, actor, $"rights of {name}", done, change.Reason)));
        }).For(OperatorRole.Admin).Produces<OperatorView>().Produces<Problem>(409, "application/problem+json").WithSummary("Changes what a person may do, from their next request on.");

        Act(api, silo, "disable", silo.People.DisableAsync, ends: true).WithSummary("Lets a person in no more and ends their sessions.");
        Act(api, silo, "enable", silo.People.EnableAsync, ends: false).WithSummary("Lets a person in again.");
        Act(api, silo, "remove", silo.People.RemoveAsync, ends: true).WithSummary("Takes a person off the list and ends their sessions; final.");
    }

    private static RouteHandlerBuilder Act(IEndpointRouteBuilder api, Silo silo, string verb, Func<string, CancellationToken, Telling<OperatorAct>?, Task<OperatorAct>> act, bool ends)
        => api.MapPost($"/operators/{{name}}/{verb}", async (string name, Decision decision, HttpContext context) =>
        {
            if (Reason.Wrong(decision.Reason, Reasonless) is { } reasonless) return reasonless;
            var actor = AccessGate.Caller(context).Name;
            var done = await act(name, context.RequestAborted, outcome => Lines(silo, actor, $"{verb} of {name}", outcome, decision.Reason));
            // First nobody is let in, then whoever is in is put out; a request that is cut here leaves nobody in.
            if (ends && done is { Refused: null, Missing: false })
            {
                await silo.Operators.EndAllAsync(name, CancellationToken.None);
                await silo.Passkeys.ForgetAsync(name, CancellationToken.None);
                if (verb == "remove") await silo.Pins.RemoveAsync(name, null, CancellationToken.None);
            }
            return await DoneAsync(silo, context, name, verb, done);
        }).For(OperatorRole.Admin).Produces<OperatorView>().Produces<Problem>(404, "application/problem+json").Produces<Problem>(409, "application/problem+json");

    private static async Task<IResult> DoneAsync(Silo silo, HttpContext context, string name, string verb, OperatorAct act)
    {
        if (act.Missing) return ApiProblem.NotFound.With($"Nobody is called {Grammar.Fit(name)}.");
        if (act.Refused is { } refused) return ApiProblem.Conflict.With(refused);
        silo.Log.OperatorActed(AccessGate.Caller(context).Name, $"{verb} of {name}");
        return (await ViewsAsync(silo, context.RequestAborted)).FirstOrDefault(one => one.Name == name) is { } view ? Results.Ok(view) : Results.NoContent();
    }

    private static IReadOnlyList<TwinEvent> Made(Silo silo, string by, OperatorRequest request, OperatorAct act)
        => Lines(silo, by, $"made a sign-in code for {request.Name}, {act.After}", act.Before == act.After ? act with { Before = null, After = null } : act, request.Reason);

    private static IReadOnlyList<TwinEvent> Lines(Silo silo, string actor, string what, OperatorAct act, string? reason)
        => OperatorLines.Of(silo.Time.GetUtcNow(), actor, what, act.Before, act.After, reason?.Trim());

    private static async Task<IReadOnlyList<OperatorView>> ViewsAsync(Silo silo, CancellationToken cancellation)
    {
        var sessions = (await silo.Operators.ListAsync(null, cancellation)).CountBy(one => one.Name).ToDictionary();
        var passkeys = await silo.Passkeys.CountAsync(cancellation);
        var tokens = (await silo.ApiTokens.ListAsync(cancellation)).Where(one => one.State is ApiTokenView.Active or ApiTokenView.Stopped).ToLookup(one => one.CreatedBy!, one => one.Name);
        return [.. (await silo.People.ListAsync(cancellation)).Select(one
            => new OperatorView(one.Name, one.Rights.View(), one.Disabled, one.CreatedAt, one.CreatedBy, sessions.GetValueOrDefault(one.Name), passkeys.GetValueOrDefault(one.Name), [.. tokens[one.Name]]))];
    }
}
