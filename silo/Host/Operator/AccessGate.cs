using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using TrustMesh.Trust.Operators;

namespace TrustMesh.Host.Operator;

/// <summary>Stands between routing and every route: no metadata, no entry.</summary>
public sealed class AccessGate(RequestDelegate next, OperatorDesk desk)
{
    private const string Scheme = "Bearer ";

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Access>() is not { } access)
            await ApiProblem.Write(context, ApiProblem.NotFound, "There is no such resource. The API is described at /openapi/v1.json.");
        else if (access.Least is not { } least)
            await next(context);
        else if (Token(context) is not { } token || await desk.AuthenticateAsync(token, context.RequestAborted) is not { } identity)
            await ApiProblem.Write(context, ApiProblem.Unauthenticated, "Sign in: POST /api/v1/session with a one-time code, then send its token as Authorization: Bearer.");
        else if (identity.Role < least)
            await ApiProblem.Write(context, ApiProblem.Forbidden, $"This needs the role {least.ToString().ToLowerInvariant()}; {identity.Name} is {identity.RoleText}. Ask an admin for a code with that role.");
        else
        {
            context.Items[typeof(OperatorIdentity)] = identity;
            await next(context);
        }
    }

    /// <summary>The bearer token of the request, or null. Never from the URL: those are logged.</summary>
    public static string? Token(HttpContext context)
        => context.Request.Headers[HeaderNames.Authorization] is [{ } value] && value.StartsWith(Scheme, StringComparison.Ordinal) ? value[Scheme.Length..] : null;

    /// <summary>Who is calling; only behind the gate.</summary>
    public static OperatorIdentity Caller(HttpContext context) => (OperatorIdentity)context.Items[typeof(OperatorIdentity)]!;
}
