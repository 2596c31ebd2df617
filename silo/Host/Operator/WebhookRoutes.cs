using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Host.Webhooks;
using TrustMesh.Trust.Alerts;
using TrustMesh.Trust.Operators;
using TrustMesh.Wire;

namespace TrustMesh.Host.Operator;

/// <summary>Where alerts are told. Only for admins, reading too: an address can hold a secret of whoever listens there. No secret of ours is in an answer but the one that made it.</summary>
public static class WebhookRoutes
{
    public static void Map(IEndpointRouteBuilder api, Silo silo)
    {
        api.MapGet("/webhooks", async (CancellationToken cancellation) => Results.Ok(await silo.Webhooks.ViewsAsync(cancellation)))
            .For(OperatorRole.Admin).Produces<IReadOnlyList<WebhookView>>().WithSummary("Webhooks, by name.");

        api.MapPost("/webhooks", async (WebhookRequest request, HttpContext context) =>
        {
            if (!Grammar.IsName(request.Name)) return ApiProblem.Invalid.With("name must be 1 to 63 of a-z, 0-9, '.' and '-', the first a letter or digit.");
            if (WebhookUrl.Wrong(request.Url) is { } wrong) return ApiProblem.Invalid.With(wrong);
            if (!AlertRule.Severities.Contains(request.Severity)) return ApiProblem.Invalid.With($"severity must be one of {string.Join(", ", AlertRule.Severities)}.");
            var actor = AccessGate.Caller(context).Name;
            // The host only: what follows it can be a secret.
            var what = $"made the webhook {request.Name} to {new Uri(request.Url).Authority}, {request.Severity} or worse";
            var (made, refused) = await silo.Webhooks.AddAsync(request.Name, request.Url, request.Severity, actor, context.RequestAborted, _ => AlertRoutes.Lines(silo, actor, what, null));
            if (made is null) return ApiProblem.Conflict.With(refused!);
            silo.Log.OperatorActed(actor, Grammar.Fit(what));
            return Results.Ok(made);
        }).For(OperatorRole.Admin).Produces<WebhookSecret>().Produces<Problem>(409, "application/problem+json").WithSummary("Makes a webhook; its secret is shown this once.");

        api.MapDelete("/webhooks/{name}", async (string name, HttpContext context) =>
        {
            var actor = AccessGate.Caller(context).Name;
            if (!Grammar.IsName(name)
                || await silo.Webhooks.RemoveAsync(name, context.RequestAborted, url => AlertRoutes.Lines(silo, actor, $"removed the webhook {name} to {url.Authority}", null)) is null) return NotThere(name);
            silo.Log.OperatorActed(actor, $"removed the webhook {name}");
            return Results.NoContent();
        }).For(OperatorRole.Admin).Produces(204).Produces<Problem>(404, "application/problem+json").WithSummary("Removes a webhook with what it was still to be told.");

        api.MapPost("/webhooks/{name}/rotate", async (string name, HttpContext context) =>
        {
            var actor = AccessGate.Caller(context).Name;
            var what = $"changed the secret of the webhook {name}";
            if (!Grammar.IsName(name) || await silo.Webhooks.RotateAsync(name, context.RequestAborted, _ => AlertRoutes.Lines(silo, actor, what, null)) is not { } rotated) return NotThere(name);
            silo.Log.OperatorActed(actor, what);
            return Results.Ok(rotated);
        }).For(OperatorRole.Admin).Produces<WebhookSecret>().Produces<Problem>(404, "application/problem+json").WithSummary("Another secret, shown this once; the one before signs too for 24 hours.");

        api.MapPost("/webhooks/{name}/test", async (string name, HttpContext context) =>
        {
            var actor = AccessGate.Caller(context).Name;
            var what = $"tested the webhook {name}";
            if (!Grammar.IsName(name) || await silo.Webhooks.TestAsync(name, context.RequestAborted, _ => AlertRoutes.Lines(silo, actor, what, null)) is null) return NotThere(name);
            silo.Log.OperatorActed(actor, what);
            return Results.Accepted();
        }).For(OperatorRole.Admin).Produces(202).Produces<Problem>(404, "application/problem+json").WithSummary("Sends a message that says nothing but that it arrived.");

        api.MapGet("/webhooks/{name}/deliveries", async (string name, CancellationToken cancellation)
            => Grammar.IsName(name) && await silo.Webhooks.FindAsync(name, cancellation) is not null ? Results.Ok(await silo.Webhooks.DeliveriesAsync(name, cancellation)) : NotThere(name))
            .For(OperatorRole.Admin).Produces<IReadOnlyList<WebhookDelivery>>().Produces<Problem>(404, "application/problem+json").WithSummary("The last 200 messages to a webhook, the newest first.");

        api.MapPost("/webhooks/{name}/deliveries/{delivery}/resend", async (string name, string delivery, HttpContext context) =>
        {
            if (!Grammar.IsName(name) || await silo.Webhooks.FindAsync(name, context.RequestAborted) is null) return NotThere(name);
            var actor = AccessGate.Caller(context).Name;
            var what = $"sent {Grammar.Fit(delivery)} to the webhook {name} again";
            if (!await silo.Webhooks.ResendAsync(name, delivery, context.RequestAborted, _ => AlertRoutes.Lines(silo, actor, what, null)))
                return ApiProblem.Conflict.With("There is no such message any more, or it is still being tried.");
            silo.Log.OperatorActed(actor, Grammar.Fit(what));
            return Results.Accepted();
        }).For(OperatorRole.Admin).Produces(202).Produces<Problem>(404, "application/problem+json").Produces<Problem>(409, "application/problem+json").WithSummary("Sends a message once more that ended, under the same id.");
    }

    private static IResult NotThere(string name) => ApiProblem.NotFound.With($"There is no webhook {Grammar.Fit(name)}.");
}
