using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Host.Device;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Revoking;
using TrustMesh.Wire;

namespace TrustMesh.Host.Operator;

/// <summary>
/// Revoking many devices as one act: what it would do, doing it, and a second person's word on it (API.md, Revoking many). It is final and asks for people: an
/// API token is neither the first nor the second of two, or one person with a token would be both.
/// </summary>
public static class RevokingRoutes
{
    private const int PlansPerSecond = 2;

    /// <summary>A thousand devices with their marks, or by name.</summary>
    private const long LargestBody = 128 * 1024;

    private const string Problems = "application/problem+json";

    public static void Map(IEndpointRouteBuilder api, Silo silo)
    {
        var limit = new RateLimit<string>(PlansPerSecond, silo.Time);
        api.MapPost("/revocations/plan", async (RevocationSelection asked, HttpContext context) =>
        {
            var caller = AccessGate.Caller(context);
            if (!limit.TryTake(caller.Name)) return ApiProblem.RateLimited.With("You asked for plans just now; wait a second.");
            if (Meant(silo, asked, out var devices) is { } wrong) return wrong;
            var choice = RevocationPlanner.Choose(devices, caller.Rights);
            if (choice.Devices.Count > RevocationPlanner.MostDevices)
                return ApiProblem.Invalid.With($"{choice.Devices.Count} devices are meant, and one act takes at most {RevocationPlanner.MostDevices}. Narrow the query, for example by site, and revoke them in several acts.");
            return Results.Ok(await silo.Planner.PlanAsync(choice, caller, context.RequestAborted));
        }).For(OperatorRole.Viewer).WithMetadata(new BodyLimit(LargestBody)).Produces<RevocationPlan>().Produces<Problem>(400, Problems).WithSummary("What a revocation would do. Nothing happens by asking.");

        api.MapPost("/revocations", async (RevocationOrder order, HttpContext context)
            => Reason.Wrong(order.Reason?.Trim(), "A reason is needed to revoke devices.") ?? await DoneAsync(silo, context, "revocation", () => silo.Revocations.AskAsync(order, AccessGate.Caller(context), context.RequestAborted, silo.Stopping)))
            .ForSite(OperatorRole.Operator).WithMetadata(new BodyLimit(LargestBody)).Produces<RevocationAct>().Produces<RevocationAct>(202).Produces<Problem>(409, Problems)
            .WithSummary("Revokes the devices of a plan as one act, or asks a second person to; 202: it waits.");

        api.MapGet("/revocations/requests", async (CancellationToken cancellation) => Results.Ok(await silo.Revocations.ListAsync(cancellation)))
            .For(OperatorRole.Viewer).ForMachines().Produces<IReadOnlyList<RevocationRequest>>().WithSummary("Acts on many devices, newest first, and those that wait for a second person.");

        api.MapGet("/revocations/requests/{id}", async (string id, CancellationToken cancellation)
            => await silo.Revocations.FindAsync(id, cancellation) is { Act: { } act } ? Results.Ok(act) : ApiProblem.NotFound.With($"There is no request {Grammar.Fit(id)}; of those that are over the newest are kept."))
            .For(OperatorRole.Viewer).ForMachines().Produces<RevocationAct>().Produces<Problem>(404, Problems).WithSummary("One of them, with each device.");

        api.MapPost("/revocations/requests/{id}/approve", async (string id, RevocationApproval approval, HttpContext context)
            => Reason.Wrong(approval.Reason?.Trim()) ?? await DoneAsync(silo, context, "approval of a revocation", () => silo.Revocations.ApproveAsync(id, approval, AccessGate.Caller(context), context.RequestAborted, silo.Stopping)))
            .ForSite(OperatorRole.Approver).Produces<RevocationAct>().Produces<Problem>(404, Problems).Produces<Problem>(409, Problems).WithSummary("A second person's yes: the devices that are still what they were are revoked.");

        api.MapPost("/revocations/requests/{id}/reject", async (string id, Decision decision, HttpContext context)
            => Reason.Wrong(decision.Reason?.Trim(), "A reason is needed to reject a revocation.") ?? await DoneAsync(silo, context, "rejection of a revocation", () => silo.Revocations.RejectAsync(id, decision.Reason!, AccessGate.Caller(context), context.RequestAborted)))
            .ForSite(OperatorRole.Operator).Produces<RevocationAct>().Produces<Problem>(404, Problems).Produces<Problem>(409, Problems).WithSummary("A second person's no; or whoever asked takes it back.");

        api.MapGet("/revocations/rule", async (HttpContext context, CancellationToken cancellation) =>
        {
            var caller = AccessGate.Caller(context);
            var rule = await silo.SecondPerson.ReadAsync(caller.Name, cancellation);
            return Results.Ok(caller.IsMachine && rule.MoreThan is not null ? rule with { Left = 0 } : rule);
        }).For(OperatorRole.Viewer).ForMachines().Produces<RevocationRule>().WithSummary("When a revocation needs a second person, and how many you may revoke alone now.");

        api.MapPut("/revocations/rule", async (RevocationRuleUpdate update, HttpContext context) =>
        {
            if (Reason.Wrong(update.Reason?.Trim(), "A reason is needed; it stays in the log.") is { } reasonless) return reasonless;
            if (update.MoreThan is < 0 or > SecondPersonRule.MostAlone) return ApiProblem.Invalid.With($"moreThan must be 0 to {SecondPersonRule.MostAlone}, or left out for no rule.");
            if (update.Hours is < 1 or > SecondPersonRule.MostHours) return ApiProblem.Invalid.With($"hours must be 1 to {SecondPersonRule.MostHours}.");
            var actor = AccessGate.Caller(context).Name;
            var (_, after) = await silo.SecondPerson.SetAsync(
                update.MoreThan, update.Hours, context.RequestAborted,
                change => OperatorLines.Of(silo.Time.GetUtcNow(), actor, "second person for revocations", change.Before, change.After, update.Reason!.Trim()));
            silo.Log.OperatorActed(actor, $"a second person for revocations is {after}");
            return Results.Ok(await silo.SecondPerson.ReadAsync(actor, context.RequestAborted));
        }).For(OperatorRole.Admin).Produces<RevocationRule>().WithSummary("Changes when a revocation needs a second person.");
    }

    /// <summary>Null if the selection means devices; else the answer that says what is wrong.</summary>
    private static IResult? Meant(Silo silo, RevocationSelection asked, out IReadOnlyList<DeviceEntry> devices)
    {
        devices = [];
        if (asked.Query is null == asked.Devices is null) return ApiProblem.Invalid.With("Name a query or devices, one of the two.");
        if (asked.Query is { } text)
        {
            if (!FleetQuery.TryParse(text, out var query, out var problem)) return ApiProblem.Invalid.With(problem.ToString());
            if (query.IsEmpty) return ApiProblem.Invalid.With("An empty query means every device; write which ones, such as site:oslo.");
            devices = silo.Planner.Find(query);
            return null;
        }
        if (asked.Devices!.Count is < 1 or > RevocationPlanner.MostDevices) return ApiProblem.Invalid.With($"devices must be 1 to {RevocationPlanner.MostDevices}.");
        var found = new List<DeviceEntry>();
        var named = silo.Directory.Entries.ToLookup(entry => entry.Name, StringComparer.Ordinal);
        foreach (var one in asked.Devices)
        {
            // By id or by a name that is one device's at once; else the way of a single device, which is slower and says what is wrong.
            if (DeviceId.TryParse(one, out var id) && silo.Directory.TryGet(id, out var exact)) found.Add(exact);
            else if (one is not null && named[one].ToList() is [var only]) found.Add(only);
            else if (asked.Devices.Count == 1 && DeviceRoutes.Missing(silo, one ?? "", out var entry) is null) found.Add(entry);
            else return DeviceRoutes.Missing(silo, one ?? "", out _) ?? ApiProblem.Invalid.With("Of several devices each has to be named by its whole id or its name.");
        }
        devices = found;
        return null;
    }

    private static async Task<IResult> DoneAsync(Silo silo, HttpContext context, string what, Func<Task<DeskAnswer>> call)
    {
        var answer = await call();
        if (answer.Act is { } act) silo.Log.OperatorActed(AccessGate.Caller(context).Name, $"{what}: request {act.Request.Id} of {act.Request.Devices} devices is {act.Request.State}");
        return Answer(answer);
    }

    private static IResult Answer(DeskAnswer answer) => (answer.Act, answer.Refusal) switch
    {
        ({ Request.State: RequestStates.Waiting } waiting, _) => Results.Json(waiting, ApiJson.Default.RevocationAct, statusCode: 202),
        ({ } act, _) => Results.Ok(act),
        (_, DeskRefusal.Invalid) => ApiProblem.Invalid.With(answer.Why),
        (_, DeskRefusal.Forbidden) => ApiProblem.Forbidden.With(answer.Why),
        (_, DeskRefusal.NotFound) => ApiProblem.NotFound.With(answer.Why),
        _ => ApiProblem.Conflict.With(answer.Why),
    };
}
