using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

public sealed partial class FakeSilo
{
    /// <summary>One in each state there is.</summary>
    public List<ApiTokenView> ApiTokens { get; } =
    [
        Token("backup-job", ApiTokenView.Active, 60, used: 1),
        Token("ci-of-the-firmware-team-that-builds-every-night-for-all-plants", ApiTokenView.Active, 9, [new("viewer"), new("operator", ["oslo", "bergen", "trondheim"])], used: 30),
        new("damaged", ApiTokenView.Unreadable, [], null, null, null),
        Token("old-prober", ApiTokenView.Expired, -3),
        Token("prometheus", ApiTokenView.Active, 330),
        Token("ticket-system", ApiTokenView.Stopped, 50, by: "vera", used: 200),
        Token("trial", ApiTokenView.Revoked, 80, by: "aksel") with { RevokedAt = DateTimeOffset.UtcNow.AddHours(-5), RevokedBy = "ada" },
    ];

    private void MapApiTokens(RouteGroupBuilder api)
    {
        api.MapGet("/api-tokens", (HttpContext context) => Guard(context, "admin", () => Results.Ok(ApiTokens)));
        api.MapPost("/api-tokens", (HttpContext context, ApiTokenRequest body) => Guard(context, "admin", () =>
        {
            if (ApiTokens.Any(one => one.Name == body.Name))
                return Refuse(409, "conflict", $"There is an API token {body.Name} already; revoke it first, or take another name.");
            var made = new ApiTokenView(body.Name, ApiTokenView.Active, body.Grants, DateTimeOffset.UtcNow, "ada", DateTimeOffset.UtcNow.AddSeconds(body.TtlSeconds ?? 7_776_000));
            ApiTokens.Add(made);
            return Results.Ok(new ApiTokenMade(made, $"tma_{body.Name}_{new string('s', 43)}"));
        }));
    }

    private static ApiTokenView Token(string name, string state, int days, IReadOnlyList<Grant>? grants = null, string by = "ada", int? used = null) => new(
        name, state, grants ?? [new("viewer")], DateTimeOffset.UtcNow.AddDays(days - 90), by, DateTimeOffset.UtcNow.AddDays(days), used is { } hours ? DateTimeOffset.UtcNow.AddHours(-hours) : null);
}
