using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using TrustMesh.Host.Telemetry;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Mesh;
using TrustMesh.Trust.Peers;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;

namespace TrustMesh.Host.Operator;

/// <summary>Turns what went wrong into a problem document. Nothing of an unexpected exception reaches the caller but a trace id.</summary>
public sealed class ErrorBoundary(RequestDelegate next, Silo silo, SiloLog log)
{
    private const string TooLarge = "The body is larger than the route takes: 16 KiB, or what API.md says of it.";

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            // A body that is found too large while it is read ends the route without a word.
            if (context.Response is { StatusCode: 413, HasStarted: false }) await ApiProblem.Write(context, ApiProblem.TooLarge, TooLarge);
        }
        catch (Exception failed) when (!context.Response.HasStarted)
        {
            if (failed is OperationCanceledException or UnansweredException && context.RequestAborted.IsCancellationRequested) return;
            var (kind, detail) = Classify(failed);
            if (kind == ApiProblem.Unavailable) silo.SuspectStorage();
            if (kind.Status >= 500) log.RequestFailed(failed, context.Request.Path.Value ?? "", context.TraceIdentifier);
            context.Response.Clear();
            await ApiProblem.Write(context, kind, detail);
        }
    }

    private static (ApiProblem, string) Classify(Exception failed) => failed switch
    {
        BadHttpRequestException { StatusCode: 413 } => (ApiProblem.TooLarge, TooLarge),
        BadHttpRequestException { InnerException: JsonException json } => (ApiProblem.Invalid, $"The body is not what the route takes, at {json.Path ?? "$"}. See /openapi/v1.json."),
        BadHttpRequestException bad => (ApiProblem.Invalid, bad.StatusCode == 415 ? "Send the body as application/json." : "A parameter or the body is missing or malformed. See /openapi/v1.json."),
        StaleTwinException or StaleRecordException => (ApiProblem.Conflict, "Somebody else changed it at the same moment; look at it again and repeat."),
        UnreadableTwinException or UnreadableIssuerException => (ApiProblem.Unavailable, failed.Message),
        UnansweredException or UnreadableRecordException or FullStatusListException => (ApiProblem.Unavailable, failed.Message),
        IOException or SqliteException => (ApiProblem.Unavailable, "The silo's storage did not answer; try again, and see the silo's log if it goes on."),
        _ => (ApiProblem.Internal, "Something went wrong in the silo; its log has the trace id of this answer."),
    };
}
