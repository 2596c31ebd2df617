using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Host.Operator;

/// <summary>Devices that wait to be let in: what is known of their hardware, and one decision about many of them.</summary>
public static class QueueRoutes
{
    /// <summary>1,000 devices with their marks.</summary>
    private const int LargestBody = 160 * 1024;

    public static void Map(IEndpointRouteBuilder api, Silo silo)
    {
        var proofs = new WaitingProofs(silo);
        api.MapGet("/devices/{id}/enrolment", (string id, HttpContext context) => DeviceRoutes.OnDevice(silo, id, async device =>
        {
            if (await silo.Place.Twin(device).ReadAsync(context.RequestAborted) is not { } state) return ApiProblem.NotFound.With("There is no such device.");
            var seen = await silo.Identities.SeenAsync(state.Enrolment, state, context.RequestAborted);
            var endorsement = await silo.Identities.EndorsementAsync(device, context.RequestAborted);
            return Results.Ok(new EnrolmentView(device.Text, state.Enrolment.AdmittedBy, endorsement, seen, await proofs.OfAsync(state, context.RequestAborted)));
        })).For(OperatorRole.Viewer).Produces<EnrolmentView>()
            .WithSummary("What is known of a device's hardware: the chain of its endorsement key, whether it was seen before, and while it waits what it proved against the policy and the reference values of now.");

        var desk = new QueueDesk(silo);
        api.MapPost("/devices/decide", (BulkDecision decision, HttpContext context) => DecideAsync(silo, desk, decision, context))
            .ForSite(OperatorRole.Approver).WithMetadata(new BodyLimit(LargestBody)).Produces<BulkAnswer>().Produces<Problem>(409, "application/problem+json")
            .WithSummary("Approves or rejects many waiting devices, each by itself; with dryRun it says what would happen.");
    }

    private static async Task<IResult> DecideAsync(Silo silo, QueueDesk desk, BulkDecision asked, HttpContext context)
    {
        if (asked.Act is not ("approve" or "reject")) return ApiProblem.Invalid.With("act must be approve or reject.");
        var reason = asked.Reason?.Trim();
        var reject = asked.Act == "reject";
        if (Reason.Wrong(reason, reject && !asked.DryRun ? "A reason is needed to reject devices." : null) is { } reasonless) return reasonless;
        if (Selected(desk, asked, out var devices) is { } wrong) return wrong;
        var caller = AccessGate.Caller(context);
        var decision = new StandingDecision(reject ? Standing.Revoked : Standing.Active, false, caller.Name, reason, null);
        var outcomes = await desk.DecideAsync(devices, decision, caller.Rights, asked.DryRun, context.RequestAborted);
        var count = outcomes.Count(one => one.Outcome is "done" or "would");
        if (!asked.DryRun && count > 0)
        {
            var what = $"{(reject ? "rejected" : "approved")} {count} of {outcomes.Count} waiting devices{(asked.Query is { } query ? $" found by {query.Trim()}" : "")}";
            silo.Log.OperatorActed(caller.Name, Grammar.Fit(what));
            await silo.TellAllAsync(OperatorLines.Of(silo.Time.GetUtcNow(), caller.Name, what, null, null, reason));
        }
        return Results.Ok(new BulkAnswer(asked.Act, asked.DryRun, count, outcomes));
    }

    /// <summary>Whom it is about; or what is wrong with how they are named.</summary>
    private static IResult? Selected(QueueDesk desk, BulkDecision asked, out IReadOnlyList<(DeviceId, string?)> devices)
    {
        devices = [];
        if (asked.Devices is null == asked.Query is null) return ApiProblem.Invalid.With("Name either devices or a query.");
        if (asked.Devices is { } named)
        {
            if (named.Count is 0 or > QueueDesk.Most) return ApiProblem.Invalid.With($"devices must be 1 to {QueueDesk.Most}.");
            var read = new List<(DeviceId, string?)>(named.Count);
            foreach (var one in named)
            {
                if (!DeviceId.TryParse(one?.Id ?? "", out var device)) return ApiProblem.Invalid.With("Each device needs its whole id.");
                if (one!.Mark is null && !asked.DryRun) return ApiProblem.Invalid.With("Each device needs its mark; a dry run tells it.");
                read.Add((device, one.Mark));
            }
            if (read.DistinctBy(one => one.Item1).Count() != read.Count) return ApiProblem.Invalid.With("A device is named twice.");
            devices = read;
            return null;
        }
        if (!FleetQuery.TryParse(asked.Query, out var query, out var problem)) return ApiProblem.Invalid.With(problem.ToString());
        if (asked.Seen is null && !asked.DryRun) return ApiProblem.Invalid.With("seen must say how many devices the query found when you looked; a dry run tells it.");
        var found = desk.Waiting(query);
        if (found.Count > QueueDesk.Most) return ApiProblem.Conflict.With($"The query finds {found.Count} waiting devices, and {QueueDesk.Most} can be decided at once; narrow it.");
        if (!asked.DryRun && asked.Seen != found.Count) return ApiProblem.Conflict.With($"The query finds {found.Count} waiting devices now, and you saw {asked.Seen}; look again.");
        devices = [.. found.Select(entry => (entry.Device, (string?)null))];
        return null;
    }
}
