using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Host.Operator;

/// <summary>Tags of one device, and of many at once.</summary>
public static class TagRoutes
{
    /// <summary>1,000 ids, and as many tags as a device can have, twice.</summary>
    private const int LargestBody = 80 * 1024;

    public static void Map(IEndpointRouteBuilder api, Silo silo)
    {
        api.MapPatch("/devices/{id}/tags", (string id, TagEdit edit, HttpContext context) => DeviceRoutes.OnDevice(silo, id, async device =>
        {
            if (Change(context, edit.Add, edit.Remove, edit.Reason, out var change) is { } wrong) return wrong;
            if (!DeviceRoutes.TryVersion(context, out var expected)) return ApiProblem.Invalid.With("If-Match must be the version of the device, such as \"12\".");
            if (await silo.Place.Twin(device).TagAsync(change with { Expected = expected }, context.RequestAborted) is not { } answer) return DeviceRoutes.NotThere(id);
            if (answer.Refused is { } refused) return ApiProblem.Conflict.With(refused);
            silo.Log.OperatorActed(change.Actor, $"tagged {device}: {DeviceTags.Text(answer.State.Tags)}");
            context.Response.Headers.ETag = $"\"{answer.State.Version}\"";
            return Results.Ok(DeviceEntry.Of(answer.State).Summary(silo.Time.GetUtcNow()));
        })).ForDevice(OperatorRole.Operator).Produces<DeviceSummary>().Produces<Problem>(400, "application/problem+json").Produces<Problem>(409, "application/problem+json")
            .WithSummary("Adds and removes tags of a device; the others stay.");

        var desk = new TagDesk(silo);
        api.MapPost("/devices/tags", (BulkTags asked, HttpContext context) => ManyAsync(silo, desk, asked, context))
            .ForSite(OperatorRole.Operator).WithMetadata(new BodyLimit(LargestBody)).Produces<BulkAnswer>().Produces<Problem>(400, "application/problem+json").Produces<Problem>(409, "application/problem+json")
            .WithSummary("Adds and removes tags of many devices, each by itself; with dryRun it says what would happen.");
    }

    private static async Task<IResult> ManyAsync(Silo silo, TagDesk desk, BulkTags asked, HttpContext context)
    {
        if (Change(context, asked.Add, asked.Remove, asked.Reason, out var change) is { } wrong) return wrong;
        if (Selected(desk, asked, out var devices) is { } unclear) return unclear;
        var outcomes = await desk.ChangeAsync(devices, change, AccessGate.Caller(context).Rights, asked.DryRun, context.RequestAborted);
        var count = outcomes.Count(one => one.Outcome is "done" or "would");
        if (!asked.DryRun && count > 0)
        {
            // Each device has its own line; this one says that they were one act, and how they were found.
            string[] words = [.. change.Add.Select(tag => $"+{tag}"), .. change.Remove.Select(tag => $"-{tag}")];
            var what = $"tagged {count} of {outcomes.Count} devices {string.Join(' ', words)}{(asked.Query is { } query ? $", found by {query.Trim()}" : "")}";
            silo.Log.OperatorActed(change.Actor, Grammar.Fit(what));
            await silo.TellAllAsync(OperatorLines.Of(silo.Time.GetUtcNow(), change.Actor, what, null, null, change.Reason));
        }
        return Results.Ok(new BulkAnswer("tag", asked.DryRun, count, outcomes));
    }

    /// <summary>Null if that can be done; else what is wrong with it (attack A44).</summary>
    private static IResult? Change(HttpContext context, IReadOnlyList<string>? add, IReadOnlyList<string>? remove, string? why, out TagChange change)
    {
        string[] adding = [.. (add ?? []).Distinct(StringComparer.Ordinal)], removing = [.. (remove ?? []).Distinct(StringComparer.Ordinal)];
        var reason = string.IsNullOrWhiteSpace(why) ? null : why.Trim();
        change = new(adding, removing, AccessGate.Caller(context).Name, reason, null);
        if (adding.Length + removing.Length == 0) return ApiProblem.Invalid.With("Name a tag to add or to remove.");
        if (adding.Length > DeviceTags.Most || removing.Length > DeviceTags.Most || !adding.Concat(removing).All(DeviceTags.IsTag)) return ApiProblem.Invalid.With(DeviceTags.Rule);
        if (adding.Intersect(removing, StringComparer.Ordinal).FirstOrDefault() is { } both) return ApiProblem.Invalid.With($"{both} cannot be both added and removed.");
        return Reason.Wrong(reason);
    }

    /// <summary>Whom it is about; or what is wrong with how they are named.</summary>
    private static IResult? Selected(TagDesk desk, BulkTags asked, out IReadOnlyList<DeviceId> devices)
    {
        devices = [];
        if (asked.Devices is null == asked.Query is null) return ApiProblem.Invalid.With("Name either devices or a query.");
        if (asked.Devices is { } named)
        {
            if (named.Count is 0 or > TagDesk.Most) return ApiProblem.Invalid.With($"devices must be 1 to {TagDesk.Most}.");
            var read = new List<DeviceId>(named.Count);
            foreach (var one in named)
            {
                if (!DeviceId.TryParse(one ?? "", out var device)) return ApiProblem.Invalid.With("Each device needs its whole id.");
                read.Add(device);
            }
            devices = [.. read.Distinct()];
            return null;
        }
        if (!FleetQuery.TryParse(asked.Query, out var query, out var problem)) return ApiProblem.Invalid.With(problem.ToString());
        if (query.IsEmpty) return ApiProblem.Invalid.With("An empty query means every device; say which ones.");
        if (asked.Seen is null && !asked.DryRun) return ApiProblem.Invalid.With("seen must say how many devices the query found when you looked; a dry run tells it.");
        var found = desk.Found(query);
        if (found.Count > TagDesk.Most) return ApiProblem.Conflict.With($"The query finds {found.Count} devices, and {TagDesk.Most} can be tagged at once; narrow it.");
        if (!asked.DryRun && asked.Seen != found.Count) return ApiProblem.Conflict.With($"The query finds {found.Count} devices now, and you saw {asked.Seen}; look again.");
        devices = found;
        return null;
    }
}
