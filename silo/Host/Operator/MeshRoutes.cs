using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Host.Operator;

/// <summary>The mesh as a whole: overview, authority, join tokens, reference values.</summary>
public static class MeshRoutes
{
    public static void Map(IEndpointRouteBuilder api, Silo silo)
    {
        api.MapGet("/mesh", () => silo.View()).For(OperatorRole.Viewer).WithSummary("Overview and counters.");
        api.MapGet("/authority", () => Results.Text(silo.Authority.Certificate.ExportCertificatePem() + "\n", "application/x-pem-file"))
            .For(OperatorRole.Viewer).Produces(200, contentType: "application/x-pem-file").WithSummary("The mesh authority's certificate.");
        api.MapGet("/sbom", () => File.Exists(Sbom.FileOf(typeof(MeshRoutes).Assembly))
                ? Results.File(Sbom.FileOf(typeof(MeshRoutes).Assembly), Sbom.MediaType)
                : ApiProblem.NotFound.With("The list is not beside this silo; the build makes it."))
            .For(OperatorRole.Viewer).Produces(200, contentType: Sbom.MediaType).WithSummary("What this silo is made of, with versions, digests and licences (CycloneDX 1.6).");
        Tokens(api, silo);
        References(api, silo);
    }

    private static void Tokens(IEndpointRouteBuilder api, Silo silo)
    {
        api.MapPost("/enroll/tokens", async (JoinTokenRequest request, HttpContext context) =>
        {
            if (request.Uses is < 1 or > 100_000) return ApiProblem.Invalid.With("uses must be 1 to 100000.");
            if (request.TtlSeconds is < 60 or > 31_536_000) return ApiProblem.Invalid.With("ttlSeconds must be 60 to 31536000.");
            if (request.Site is { } site && !Grammar.IsName(site) || request.Model is { } model && !Grammar.IsName(model))
                return ApiProblem.Invalid.With("site and model must be 1 to 63 of a-z, 0-9, '.' and '-', the first a letter or digit.");
            if (request.Tags is { } tags && (tags.Count > DeviceTags.Most || !tags.All(DeviceTags.IsTag))) return ApiProblem.Invalid.With(DeviceTags.Rule);
            // A token that approves by itself is an approval beforehand; one without a site lets in devices of any.
            if (AccessGate.Lacks(context, request.AutoApprove ? OperatorRole.Approver : OperatorRole.Operator, request.Site) is { } lacking) return lacking;
            var actor = AccessGate.Caller(context).Name;
            var token = await silo.Tokens.CreateAsync(
                request, actor, context.RequestAborted, made => [new(silo.Time.GetUtcNow(), EventKind.Operator, $"made join token {made.Id} for {made.Uses} devices", actor)]);
            silo.Log.OperatorActed(actor, $"made join token {token.Id} for {token.Uses} devices");
            return Results.Ok(token);
        }).ForSite(OperatorRole.Operator).Produces<JoinToken>().WithSummary("Makes a join token; its text is only in this answer.");

        api.MapGet("/enroll/tokens", async (CancellationToken cancellation) => Results.Ok(await silo.Tokens.ListAsync(cancellation))).ForSite(OperatorRole.Operator).Produces<IReadOnlyList<JoinToken>>().WithSummary("Join tokens.");

        api.MapDelete("/enroll/tokens/{id}", async (string id, HttpContext context) =>
        {
            var token = (await silo.Tokens.ListAsync(context.RequestAborted)).FirstOrDefault(one => one.Id == id);
            if (token is not null && AccessGate.Lacks(context, OperatorRole.Operator, token.Site) is { } lacking) return lacking;
            var actor = AccessGate.Caller(context).Name;
            if (token is null || !await silo.Tokens.DeleteAsync(id, context.RequestAborted, _ => [new(silo.Time.GetUtcNow(), EventKind.Operator, $"deleted join token {id}", actor)]))
                return ApiProblem.NotFound.With("There is no join token with this id.");
            silo.Log.OperatorActed(actor, $"deleted join token {id}");
            return Results.NoContent();
        }).ForSite(OperatorRole.Operator).Produces(204).WithSummary("Deletes a join token.");
    }

    private static void References(IEndpointRouteBuilder api, Silo silo)
    {
        api.MapGet("/references", () => silo.References.View()).For(OperatorRole.Viewer).WithSummary("Reference values by model.");

        var outliers = new Outliers(silo);
        api.MapGet("/references/outliers", async (CancellationToken cancellation) => Results.Ok(await outliers.ListAsync(cancellation)))
            .For(OperatorRole.Viewer).Produces<IReadOnlyList<OutlierView>>().WithSummary("Values that devices report and reference values do not accept, the most common first; at most 50.");

        api.MapPost("/references/learn", async (LearnRequest request, HttpContext context) =>
        {
            var found = silo.Directory.Find(request.Device ?? "");
            if (found.Matches > 1) return ApiProblem.Ambiguous.With($"{found.Matches} devices match; use more characters of the id.");
            if (found.Device is not { } entry || await silo.Place.Twin(entry.Device).ReadAsync(context.RequestAborted) is not { } state)
                return ApiProblem.NotFound.With("There is no such device.");
            if (state.Standing != Standing.Active) return ApiProblem.Conflict.With("Only an active device can be learned from; approve it first.");
            if (!state.IsFresh(silo.Time.GetUtcNow()) || state.Attester.Current.IsEmpty) return ApiProblem.Conflict.With("The device has not proven its measurements lately; wait for its next proof.");
            if (Unlearnable(request.Pcrs ?? [], state) is { } wrong) return ApiProblem.Invalid.With(wrong);
            var with = request.Pcrs is { Count: > 0 } pcrs ? $", with PCR {string.Join(", ", pcrs.Order())}" : "";
            var actor = AccessGate.Caller(context).Name;
            AppraisalReference learned;
            try
            {
                learned = await silo.References.LearnAsync(
                    state, context.RequestAborted, values => [new(silo.Time.GetUtcNow(), EventKind.Reference, $"reference values {values.Serial} of {values.Model} learned from {entry.Name}{with}", actor)], request.Pcrs);
            }
            finally
            {
                // Also where nobody knows whether they are in force: the others read again.
                silo.Place.BooksChanged();
            }
            silo.Log.OperatorActed(actor, $"learned reference values of {learned.Values.Model} from {entry.Device}");
            return Results.Ok(ReferenceBook.View(learned));
        }).For(OperatorRole.Admin).Produces<ReferenceView>().WithSummary("Takes a device's verified measurements as known-good for its model, and the registers that are named.");
    }

    /// <summary>Why these registers cannot be learned from the device; null if they can.</summary>
    private static string? Unlearnable(IReadOnlyList<int> pcrs, TwinState state)
    {
        if (pcrs.Distinct().Count() != pcrs.Count) return "pcrs names registers, each once.";
        foreach (var pcr in pcrs)
        {
            if (PlatformRegisters.Grows(pcr)) return $"PCR {pcr} grows while a device runs: no reference value of it would be met for long.";
            if (state.Registers.All(register => register.Index != pcr)) return $"The device did not quote PCR {pcr}: the policy has to ask for it, and the register of the measurements is judged by its log.";
        }
        return null;
    }
}
