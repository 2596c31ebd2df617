using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Revoking;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Host.Operator;

/// <summary>Lists, pages and decisions about devices.</summary>
public static class DeviceRoutes
{
    public static void Map(IEndpointRouteBuilder api, Silo silo)
    {
        api.MapGet("/devices", (string? cursor, int? limit, string? look, string? q) =>
        {
            if (limit is < 1 or > 1000) return ApiProblem.Invalid.With("limit must be 1 to 1000.");
            if (look is not null && !Looks.All.Contains(look)) return ApiProblem.Invalid.With($"look must be one of {string.Join(", ", Looks.All)}.");
            if (cursor?.Length > 256) return ApiProblem.Invalid.With("cursor is at most 256 characters.");
            if (!FleetQuery.TryParse(q, out var query, out var problem)) return ApiProblem.Invalid.With(problem.ToString());
            return Results.Ok(silo.Directory.List(new(cursor, limit ?? 100, look, query)));
        }).For(OperatorRole.Viewer).Produces<DevicePage>().Produces<Problem>(400, "application/problem+json").WithSummary("Devices by name that a query (API.md, Queries) finds; total says how many.");

        api.MapGet("/devices/{id}", (string id, HttpContext context) => OnDevice(silo, id, async device =>
        {
            if (await silo.Place.Twin(device).ReadAsync(context.RequestAborted) is not { } state) return NotThere(id);
            context.Response.Headers.ETag = $"\"{state.Version}\"";
            return Results.Ok(DeviceView.Detail(state, silo.References.For(state.Enrolment.Model)?.Values, silo.Directory.Prevalence, silo.FirstSeen, silo.Time.GetUtcNow()));
        })).For(OperatorRole.Viewer).Produces<DeviceDetail>().WithSummary("Everything about one device.");

        api.MapGet("/devices/{id}/evidence", (string id, HttpContext context) => OnDevice(silo, id, async device =>
        {
            var bundle = await silo.Bundles.MakeAsync(device, context.RequestAborted);
            return bundle is null ? ApiProblem.NotFound.With("The device has no evidence as an active member yet; approve it and wait for its next proof.")
                : Results.Bytes(bundle, "application/vnd.trustmesh.bundle+cbor", $"{device.Short}.tmbundle");
        })).For(OperatorRole.Viewer).Produces(200, contentType: "application/vnd.trustmesh.bundle+cbor").WithSummary("Evidence bundle for offline verification.");

        api.MapGet("/devices/{id}/evidence/decoded", (string id, HttpContext context) => OnDevice(silo, id, async device =>
        {
            if (await silo.Place.TwinStore.LoadProofAsync(device, context.RequestAborted) is not { } stored) return ApiProblem.NotFound.With("The device has not proven itself yet.");
            try
            {
                return Results.Ok(EvidenceText.View(stored));
            }
            catch (WireException broken)
            {
                return ApiProblem.Unavailable.With($"What is stored of the device's evidence cannot be read ({Grammar.Fit(broken.Message)}). Its next proof replaces it.");
            }
        })).For(OperatorRole.Viewer).Produces<EvidenceView>().WithSummary("The evidence behind the last verdict, decoded for people.");

        api.MapGet("/devices/{id}/result", (string id, HttpContext context) => OnDevice(silo, id, async device =>
            await silo.Place.TwinStore.LoadProofAsync(device, context.RequestAborted) is { } stored
                ? Results.Bytes(TwinProof.Decode(stored.Proof).Result.ToArray(), "application/eat+cwt")
                : ApiProblem.NotFound.With("The device has not proven itself yet.")))
            .For(OperatorRole.Viewer).Produces(200, contentType: "application/eat+cwt").WithSummary("The attestation result (EAR).");

        // Letting in and turning away is an approver's; what comes after is an operator's.
        Decide(api, silo, "approve", Standing.Active, resume: false, reasonNeeded: false, OperatorRole.Approver);
        Decide(api, silo, "resume", Standing.Active, resume: true, reasonNeeded: false);
        Decide(api, silo, "suspend", Standing.Suspended, resume: false, reasonNeeded: true);
        Decide(api, silo, "revoke", Standing.Revoked, resume: false, reasonNeeded: true);
    }

    private static void Decide(IEndpointRouteBuilder api, Silo silo, string verb, Standing to, bool resume, bool reasonNeeded, OperatorRole least = OperatorRole.Operator)
        => api.MapPost($"/devices/{{id}}/{verb}", (string id, Decision decision, HttpContext context) => OnDevice(silo, id, async device =>
        {
            var reason = decision.Reason?.Trim();
            if (Reason.Wrong(reason, reasonNeeded ? $"A reason is needed to {verb} a device." : null) is { } reasonless) return reasonless;
            if (!TryVersion(context, out var expected)) return ApiProblem.Invalid.With("If-Match must be the version of the device, such as \"12\".");
            var (caller, actor) = (AccessGate.Caller(context), AccessGate.Caller(context).Name);
            // Many revocations one by one are many revocations too.
            var counted = to == Standing.Revoked && silo.Directory.TryGet(device, out var known) && RevocationDesk.Counts(known.Standing);
            if (counted && caller.IsMachine && await silo.SecondPerson.LeftAsync(actor, context.RequestAborted) is not null) return ApiProblem.Forbidden.With(SecondPersonRule.NotMachines);
            if (counted && !await silo.SecondPerson.TryTakeAsync(actor, 1, context.RequestAborted)) return ApiProblem.Conflict.With(SecondPersonRule.NotAlone);
            var answer = await silo.Place.Twin(device).DecideAsync(new(to, resume, actor, reason, expected), context.RequestAborted);
            if (counted && answer is not { Refused: null }) await silo.SecondPerson.GiveBackAsync(actor, CancellationToken.None);
            if (answer is null) return NotThere(id);
            if (answer.Refused is { } refused) return ApiProblem.Conflict.With(refused);
            silo.Log.OperatorActed(actor, $"{verb} {device}");
            context.Response.Headers.ETag = $"\"{answer.State.Version}\"";
            return Results.Ok(DeviceEntry.Of(answer.State).Summary(silo.Time.GetUtcNow()));
        })).ForDevice(least, pending: OperatorRole.Approver).Produces<DeviceSummary>().Produces<Problem>(409, "application/problem+json").WithSummary($"Decides: {verb}.");

    /// <summary>Does something with the device a text means, or says why there is none.</summary>
    internal static async Task<IResult> OnDevice(Silo silo, string text, Func<DeviceId, Task<IResult>> act)
        => Missing(silo, text, out var entry) ?? await act(entry.Device);

    /// <summary>Null if a text means one device that can be read; else the answer that says why not.</summary>
    internal static IResult? Missing(Silo silo, string text, out DeviceEntry entry)
    {
        entry = null!;
        if (DeviceId.TryParse(text, out var id) && silo.Directory.Unreadable.ContainsKey(id))
            return ApiProblem.Unavailable.With("The stored state of this device cannot be read; the silo's log says why. Restore the row from a backup or delete it and enrol the device again.");
        var found = silo.Directory.Find(text);
        entry = found.Device!;
        return found switch
        {
            { Device: not null } => null,
            { Matches: > 1 } => ApiProblem.Ambiguous.With($"{found.Matches} devices match; use more characters of the id."),
            _ => NotThere(text),
        };
    }

    internal static IResult NotThere(string text) => ApiProblem.NotFound.With($"No device has the id or name {Grammar.Fit(text)}.");

    internal static bool TryVersion(HttpContext context, out long? version)
    {
        version = null;
        var header = context.Request.Headers.IfMatch;
        if (header.Count == 0) return true;
        if (header is not [{ } text] || !long.TryParse(text.Trim('"'), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)) return false;
        version = number;
        return true;
    }
}
