using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;

namespace TrustMesh.Tests.Dashboard;

public sealed partial class FakeSilo
{
    /// <summary>In their order.</summary>
    public List<ApprovalRule> Rules { get; } = [];

    private void MapRules(RouteGroupBuilder api)
    {
        api.MapGet("/enroll/rules", (HttpContext context) => Guard(context, "viewer", () => Results.Ok(Rules)));
        api.MapPut("/enroll/rules/{name}", (HttpContext context, string name, ApprovalRuleUpdate body) => Guard(context, "approver", () =>
        {
            if (!FleetQuery.TryParse(body.Query, out _, out var problem))
                return Refuse(400, "invalid", problem.ToString());
            if (body.Query.Contains("age", StringComparison.Ordinal))
                return Refuse(400, "invalid", "Character 1: nothing is known of \"age\" while a device joins.");
            var rule = new ApprovalRule(name, body.Query, body.Verified, Rules.Count + 1, "aksel", Fleet.Now);
            var at = Rules.FindIndex(one => one.Name == name);
            if (at >= 0)
                Rules.RemoveAt(at);
            Rules.Insert(body.Place - 1 ?? (at >= 0 ? at : Rules.Count), rule);
            return Results.Ok(rule);
        }));
        api.MapDelete("/enroll/rules/{name}", (HttpContext context, string name) => Guard(context, "approver", () =>
            Rules.RemoveAll(rule => rule.Name == name) > 0 ? Results.NoContent() : Refuse(404, "not_found", "No rule is called so.")));
        api.MapPost("/enroll/rules/test", (HttpContext context, ApprovalTest body) => Guard(context, "operator", () =>
        {
            FleetQuery.TryParse(body.Query, out var query, out _);
            ApprovalTrial Trial(DeviceSummary device) => new(
                device.Id, device.Name, device.Site, device.Model, device.Tier, device.Standing, device.EnrolledAt,
                !query!.Matches(DeviceFacts.Of(device), Fleet.Now) ? "no" : body.Verified && device.Tier == "software" ? "no" : device.Tier == "hardware-key" ? "unknown" : "yes", null,
                device.Tier == "software" ? "The rule wants a TPM that is verified, and this is a software key." : null);
            var waiting = Fleet.Devices.Values.Where(device => device.Standing == "pending").Select(Trial).ToList();
            var joined = Fleet.Devices.Values.Where(device => device.Standing != "pending").Select(Trial).ToList();
            return Results.Ok(new ApprovalTestAnswer(waiting, joined, waiting.Count(one => one.Would == "yes"), joined.Count(one => one.Would == "yes"), waiting.Count, joined.Count));
        }));
    }
}
