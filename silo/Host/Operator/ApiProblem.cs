using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TrustMesh.Contracts;

namespace TrustMesh.Host.Operator;

/// <summary>The problems of silo/Contracts/API.md. A kind is a code and its status.</summary>
public sealed record ApiProblem(string Code, int Status, string Title)
{
    public static readonly ApiProblem
        Unauthenticated = new("unauthenticated", 401, "Not signed in"), Forbidden = new("forbidden", 403, "Not allowed"), NotFound = new("not_found", 404, "Not found"),
        Conflict = new("conflict", 409, "Conflict"), Ambiguous = new("ambiguous", 409, "Several devices match"), Invalid = new("invalid", 400, "Invalid request"),
        TooLarge = new("too_large", 413, "Too large"), RateLimited = new("rate_limited", 429, "Too many requests"), Unavailable = new("unavailable", 503, "Unavailable"),
        Internal = new("internal", 500, "Internal error");

    /// <param name="detail">What is wrong, and the fix.</param>
    public IResult With(string detail) => new Result(this, detail);

    public static Task Write(HttpContext context, ApiProblem kind, string detail)
    {
        var problem = new Problem($"urn:trustmesh:problem:{kind.Code}", kind.Title, kind.Status, kind.Code, detail, Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier);
        context.Response.StatusCode = kind.Status;
        context.Response.ContentType = "application/problem+json";
        if (kind.Status == 401) context.Response.Headers.WWWAuthenticate = "Bearer";
        if (kind.Status is 429 or 503) context.Response.Headers.RetryAfter = "5";
        return JsonSerializer.SerializeAsync(context.Response.Body, problem, ApiJson.Default.Problem, context.RequestAborted);
    }

    private sealed class Result(ApiProblem kind, string detail) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => Write(httpContext, kind, detail);
    }
}
