using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using TrustMesh.Trust.Operators;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Host.Operator;

/// <summary>
/// Stands between routing and every route: no metadata, no entry. Where a route is about a device, the gate finds the device and asks for the role at its site,
/// so that no route can forget to (attack A37). What does not say that machines may call it is closed to API tokens, whatever their role.
/// </summary>
public sealed class AccessGate(RequestDelegate next, Silo silo)
{
    private const string Scheme = "Bearer ";

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Access>() is not { } access)
        {
            await ApiProblem.Write(context, ApiProblem.NotFound, "There is no such resource. The API is described at /openapi/v1.json.");
            return;
        }
        if (access.Least is not { } least)
        {
            await next(context);
            return;
        }
        var (caller, why) = await IdentifyAsync(silo, Token(context), context.RequestAborted);
        if (caller is null)
            await ApiProblem.Write(context, ApiProblem.Unauthenticated, why ?? "Sign in: POST /api/v1/session with a one-time code, then send its token as Authorization: Bearer.");
        else if ((Bars(context, caller) ?? Keeps(context, access, least, caller)) is { } refusal)
            await refusal.ExecuteAsync(context);
        else
        {
            context.Items[typeof(OperatorIdentity)] = caller;
            await next(context);
        }
    }

    /// <summary>The bearer token of the request, or null. Never from the URL: those are logged.</summary>
    public static string? Token(HttpContext context)
        => context.Request.Headers[HeaderNames.Authorization] is [{ } value] && value.StartsWith(Scheme, StringComparison.Ordinal) ? value[Scheme.Length..] : null;

    /// <summary>Whom a bearer token stands for now: a signed-in person, or a machine.</summary>
    /// <returns>Nobody, and then why where whoever asks may know.</returns>
    internal static async ValueTask<(OperatorIdentity? Identity, string? Why)> IdentifyAsync(Silo silo, string? token, CancellationToken cancellation)
    {
        if (token is null) return (null, null);
        if (!token.StartsWith(ApiTokenDesk.Prefix, StringComparison.Ordinal)) return (await silo.Operators.AuthenticateAsync(token, cancellation), null);
        var answer = await silo.ApiTokens.AuthenticateAsync(token, cancellation);
        return (answer.Identity, answer.Why);
    }

    /// <summary>Who is calling; only behind the gate.</summary>
    public static OperatorIdentity Caller(HttpContext context) => (OperatorIdentity)context.Items[typeof(OperatorIdentity)]!;

    /// <summary>Null if the caller has the role there; else the answer that says which right is missing.</summary>
    /// <param name="site">Null: in the whole mesh.</param>
    public static IResult? Lacks(HttpContext context, OperatorRole least, string? site)
    {
        var caller = Caller(context);
        return (site is null ? caller.Rights.Everywhere : caller.Rights.At(site)) < least ? Refusal(caller, least, site, site is null) : null;
    }

    /// <summary>The answer to a machine at a route for people; null to everybody else.</summary>
    private static IResult? Bars(HttpContext context, OperatorIdentity caller)
        => caller.IsMachine && context.GetEndpoint()!.Metadata.GetMetadata<Machines>() is not { Allowed: true }
            ? ApiProblem.Forbidden.With($"This is for people: an API token cannot do it whatever its role, and {caller.Name} is one. Sign in as somebody who may.") : null;

    /// <summary>What keeps the caller out; null if nothing does.</summary>
    private IResult? Keeps(HttpContext context, Access access, OperatorRole least, OperatorIdentity caller)
    {
        var named = access.Reach == Reach.Device ? (string)context.Request.RouteValues[access.Parameter!]! : "";
        var somewhere = access.Reach == Reach.Mesh ? caller.Rights.Everywhere : caller.Rights.Anywhere;
        // Before it is said whether there is such a device.
        if (somewhere < least) return Refusal(caller, least, silo.Directory.Find(named).Device?.Site, access.Reach == Reach.Mesh);
        if (access.Reach != Reach.Device) return null;
        if (DeviceRoutes.Missing(silo, named, out var entry) is { } missing) return missing;
        // From here on the path means this device and no other, whatever gets the same name or prefix meanwhile.
        context.Request.RouteValues[access.Parameter!] = entry.Device.Text;
        var needed = entry.Standing == Standing.Pending ? access.Pending ?? least : least;
        return caller.Rights.At(entry.Site) < needed ? Refusal(caller, needed, entry.Site, false) : null;
    }

    private static IResult Refusal(OperatorIdentity caller, OperatorRole needed, string? site, bool mesh)
        => ApiProblem.Forbidden.With($"This needs {OperatorRights.Word(needed)}{(mesh ? " for the whole mesh" : site is null ? "" : $" for site {site}")}; {caller.Name} is {caller.Rights.Text}. Ask an admin.");
}
