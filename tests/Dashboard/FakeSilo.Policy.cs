using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

public sealed partial class FakeSilo
{
    /// <summary>Policies that were in force before the present one.</summary>
    public Dictionary<long, (PolicyView Policy, string By, string? Why)> Earlier { get; } = [];

    public ConcurrentQueue<LearnRequest> Learned { get; } = new();

    private void MapPolicy(RouteGroupBuilder api)
    {
        api.MapGet("/policy/versions", (HttpContext context) => Guard(context, "viewer", () => Results.Ok(
            Earlier.Values.Select(one => new PolicyVersion(one.Policy.Version, one.Policy.IssuedAt, one.By, one.Why, false))
                .Append(new PolicyVersion(Fleet.Policy.Version, Fleet.Policy.IssuedAt, "ada", "the autumn audit", true)).OrderByDescending(one => one.Version))));
        api.MapGet("/policy/versions/{version:long}", (HttpContext context, long version) => Guard(context, "viewer", () =>
            version == Fleet.Policy.Version ? Results.Ok(Fleet.Policy) : Earlier.TryGetValue(version, out var one) ? Results.Ok(one.Policy) : Refuse(404, "not_found", "No policy has this version.")));
        api.MapPost("/policy/simulate", (HttpContext context, PolicyUpdate body) => Guard(context, "operator", () =>
            body.LifetimeSeconds < 2 ? Refuse(400, "invalid", "lifetimeSeconds must be 2 to 604800.") : Results.Ok(Simulate(body))));
    }

    private PolicySimulation Simulate(PolicyUpdate body)
    {
        var draft = Fleet.Policy with { Version = Fleet.Policy.Version + 1, Tiers = body.Tiers ?? Fleet.Policy.Tiers, MayChange = body.MayChange ?? Fleet.Policy.MayChange };
        var cases = new List<PolicyCase>();
        foreach (var device in Fleet.Devices.Values.Where(device => device.Standing != "revoked").OrderBy(device => device.Name, StringComparer.Ordinal))
        {
            if (device.Status == "none")
                cases.Add(new(device.Id, device.Name, device.Site, "unjudged", "none", null, "no evidence is kept of it", []));
            else if (!draft.Tiers.Contains(device.Tier))
                cases.Add(new(device.Id, device.Name, device.Site, "fails", device.Status, "contraindicated", "assurance tier", [new("policy.tier", "assurance tier", "TpmQuote", device.Tier, $"policy site #{draft.Version}", "fail")]));
            else if (device.Status == "contraindicated" && draft.MayChange.Contains("/app/*"))
                cases.Add(new(device.Id, device.Name, device.Site, "passes", "contraindicated", "affirming", "/app/press.conf", [new("file.digest", "/app/press.conf", new string('a', 64), new string('b', 64), "reference press #2", "fail")]));
        }
        var causes = cases.GroupBy(one => (one.Effect, one.Cause)).Select(group => new PolicyCause(
            group.Key.Effect, group.Key.Effect == "fails" ? "policy.tier" : "", group.Key.Cause, group.Count(), group.Key.Effect == "fails" ? "tier:software" : null)).ToList();
        int Count(string effect) => cases.Count(one => one.Effect == effect);
        var all = Fleet.Devices.Values.Count(device => device.Standing != "revoked");
        return new(draft, Fleet.Policy.Version, all, all - cases.Count, Count("fails"), Count("passes"), 0, Count("unjudged"), true, causes, [.. cases.OrderBy(one => one.Effect == "fails" ? 0 : 1)]);
    }
}
