using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TrustMesh.Contracts;
using TrustMesh.Host.Operator;

namespace TrustMesh.Host.Device;

/// <summary>Refusals to devices (PROTOCOL.md section 12): a code and nothing that would help whoever is guessing.</summary>
public sealed record DeviceProblem(string Code, int Status)
{
    public static readonly DeviceProblem
        Malformed = new("malformed", 400), TooLarge = new("too_large", 413), TokenRefused = new("token_refused", 403), EnrolmentRefused = new("enrolment_refused", 403),
        NotEnrolled = new("not_enrolled", 404), ChallengeMissing = new("challenge_missing", 409), EvidenceRefused = new("evidence_refused", 422), Busy = new("busy", 429),
        NotProven = new("not_proven", 403), Stale = new("stale", 409), Unavailable = new("unavailable", 503);

    public static DeviceProblem Of(string code) => code switch
    {
        "token_refused" => TokenRefused, "busy" => Busy, _ => EnrolmentRefused,
    };

    public Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        context.Response.ContentType = "application/problem+json";
        if (Status is 429 or 503) context.Response.Headers.RetryAfter = "2";
        return JsonSerializer.SerializeAsync(context.Response.Body, new($"urn:trustmesh:problem:{Code}", Code, Status, Code, null, null), ApiJson.Default.Problem, context.RequestAborted);
    }
}
