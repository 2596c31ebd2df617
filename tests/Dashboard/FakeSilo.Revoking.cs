using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;

namespace TrustMesh.Tests.Dashboard;

/// <summary>Revoking many, of the fake: it plans by the edges it has, and believes every digest.</summary>
public sealed partial class FakeSilo
{
    /// <summary>Requests by their name.</summary>
    public ConcurrentDictionary<string, RevocationAct> Revoking { get; } = new();

    /// <summary>Orders as they came.</summary>
    public ConcurrentQueue<RevocationOrder> Orders { get; } = new();

    /// <summary>Approvals as they came.</summary>
    public ConcurrentQueue<RevocationApproval> Approvals { get; } = new();

    public RevocationRule Rule { get; set; } = new(null, 24);

    /// <summary>So many orders are carried out and their answers lost.</summary>
    public int LosesAnswers { get; set; }

    /// <summary>So many devices of the next act cannot be reached.</summary>
    public int Unreached { get; set; }

    private void MapRevoking(RouteGroupBuilder api)
    {
        api.MapPost("/revocations/plan", (HttpContext context, RevocationSelection body) => Guard(context, "viewer", () =>
            FleetQuery.TryParse(body.Query, out var query, out var problem) ? Results.Ok(Plan(query, _sessions[Token(context)])) : Refuse(400, "invalid", problem.ToString())));
        api.MapPost("/revocations", (HttpContext context, RevocationOrder body) => Guard(context, "operator", () => Order(context, body)));
        api.MapGet("/revocations/requests", (HttpContext context) => Guard(context, "viewer", () => Results.Ok(Revoking.Values.Select(act => act.Request).OrderByDescending(one => one.At).ToList())));
        api.MapGet("/revocations/requests/{id}", (HttpContext context, string id) => Guard(context, "viewer", () => Revoking.TryGetValue(id, out var act) ? Results.Ok(act) : Refuse(404, "not_found", "There is no such request.")));
        api.MapPost("/revocations/requests/{id}/approve", (HttpContext context, string id, RevocationApproval body) => Guard(context, "approver", () =>
        {
            Approvals.Enqueue(body);
            var act = Revoking[id];
            var name = _sessions[Token(context)].Name;
            if (act.Request.By == name)
                return Refuse(403, "forbidden", "You asked for it; a second person has to approve it.");
            if (act.Request.State == "rejected")
                return Refuse(409, "conflict", $"{act.Request.DecidedBy} rejected it already.");
            return Results.Ok(CarryOut(act, name, body.Reason));
        }));
        api.MapPost("/revocations/requests/{id}/reject", (HttpContext context, string id, Decision body) => Guard(context, "operator", () =>
        {
            var act = Revoking[id];
            Revoking[id] = act with { Request = act.Request with { State = "rejected", DecidedBy = _sessions[Token(context)].Name, DecidedAt = DateTimeOffset.UtcNow, Note = body.Reason } };
            Say("operator", "rejects the revocation");
            return Results.Ok(Revoking[id]);
        }));
        api.MapGet("/revocations/rule", (HttpContext context) => Guard(context, "viewer", () => Results.Ok(Rule)));
        api.MapPut("/revocations/rule", (HttpContext context, RevocationRuleUpdate body) => Guard(context, "admin", () => Results.Ok(Rule = new(body.MoreThan, body.Hours, body.MoreThan))));
    }

    private IResult Order(HttpContext context, RevocationOrder body)
    {
        Orders.Enqueue(body);
        var session = _sessions[Token(context)];
        var id = body.Request ?? "r-1";
        if (!Revoking.ContainsKey(id))
        {
            var devices = body.Devices.Select(one => Fleet.Devices[one.Id]).ToList();
            var waits = Rule.MoreThan is { } most && devices.Count > most;
            var act = Revoking[id] = new(
                new(id, "waiting", body.Digest, devices.Count, [.. devices.Select(one => one.Site).Distinct().Order()], body.Reason, session.Name, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddHours(24), null, null, null, null, null),
                [.. devices.Select(one => new RevocationTarget(one.Id, one.Name, one.Site, body.Devices.First(target => target.Id == one.Id).Mark, "waiting", null))], Fleet.Revocations.Serial);
            if (!waits)
                CarryOut(act, session.Name, null);
        }
        else if (Revoking[id].Request.State == "running")
            CarryOut(Revoking[id], session.Name, null);
        if (LosesAnswers > 0)
        {
            LosesAnswers--;
            context.Abort();
        }
        return Results.Json(Revoking[id], statusCode: Revoking[id].Request.State == "waiting" ? 202 : 200);
    }

    private RevocationAct CarryOut(RevocationAct act, string by, string? note)
    {
        var lost = Unreached;
        Unreached = 0;
        RevocationTarget[] targets = [.. act.Devices.Select((one, at) => one with { Outcome = at < lost ? "failed" : "revoked", Why = at < lost ? "The silo's storage did not answer; send it again." : null })];
        var done = targets.Where(one => one.Outcome == "revoked").Select(one => Fleet.Devices[one.Id]).ToList();
        Change([.. done.Select(one => FakeFleet.Redraw(one with { Standing = "revoked", Version = one.Version + 1 }))]);
        Fleet.Revocations = Fleet.Revocations with
        {
            Serial = Fleet.Revocations.Serial + 1, Devices = [.. Fleet.Revocations.Devices, .. done.Select((one, at) => new RevokedDevice(one.Id, one.Name, "revoked", 100 + at, Fleet.Revocations.Serial + 1, DateTimeOffset.UtcNow, act.Request.Reason))],
        };
        var active = Fleet.Devices.Values.Where(one => one.Standing == "active").ToList();
        Fleet.Propagation = new(Fleet.Revocations.Serial, DateTimeOffset.UtcNow, active.Count, 0, null, null, [], [.. active.Select(one => one.Name)]);
        var now = Revoking[act.Request.Id] = act with
        {
            Request = act.Request with { State = lost > 0 ? "running" : "done", DecidedBy = by, DecidedAt = DateTimeOffset.UtcNow, Note = note, Revoked = done.Count, Failed = lost }, Devices = targets, Serial = Fleet.Revocations.Serial,
        };
        Say("revocation", $"list {Fleet.Revocations.Serial} signed");
        return now;
    }

    private RevocationPlan Plan(FleetQuery query, Session session)
    {
        lock (_lock)
        {
            var found = Fleet.Devices.Values.Where(one => query.Matches(DeviceFacts.Of(one), DateTimeOffset.UtcNow)).OrderBy(one => one.Name, StringComparer.Ordinal).ToList();
            bool Mine(DeviceSummary one) => session.Grants!.Any(grant => grant.Role is not "viewer" && (grant.Sites is null || grant.Sites.Contains(one.Site)));
            var open = found.Where(one => one.Standing != "revoked").ToList();
            var beyond = open.Where(one => !Mine(one)).ToList();
            var yours = beyond.Count < open.Count || open.Count == 0;
            var gone = (yours ? open.Where(Mine) : open).ToList();
            var ids = gone.Select(one => one.Id).ToHashSet();
            List<string> By(string id) => [.. Fleet.Edges.Values.Where(edge => edge.To == id && edge.Fresh && Fleet.Devices[edge.From].Standing == "active").Select(edge => edge.From)];
            var hits = new List<PlanHit>();
            foreach (var one in Fleet.Devices.Values.Where(one => one.Standing == "active" && !ids.Contains(one.Id)))
            {
                var by = By(one.Id);
                var left = by.Count(id => !ids.Contains(id));
                if (left == by.Count || left >= Fleet.Policy.Quorum)
                    continue;
                hits.Add(new(one.Id, one.Name, one.Site, one.Look, left == 0 ? "alone" : left == 1 ? "below-promise" : "below-quorum", by.Count, left, Math.Min(4, left + 2), [.. by.Where(ids.Contains)]));
            }
            hits = [.. hits.OrderBy(hit => hit.Left).ThenBy(hit => hit.Name, StringComparer.Ordinal)];
            PlanSite[] sites = [.. Fleet.Devices.Values.Where(one => one.Standing == "active").GroupBy(one => one.Site).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => new PlanSite(group.Key, group.Count(), group.Count(one => !ids.Contains(one.Id)), hits.Count(hit => hit.Site == group.Key), hits.Count(hit => hit.Site == group.Key && hit.Loss == "alone")))];
            var most = Rule.MoreThan;
            return new(
                Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(' ', ids.Order())))), DateTimeOffset.UtcNow, yours,
                [.. gone.Select(one => new PlannedDevice(one.Id, one.Name, one.Site, one.Standing, one.Look, "0123456789abcdef"))], found.Count - open.Count,
                [.. beyond.Select(one => new PlanBeyond(one.Id, one.Name, one.Site, $"operator for site {one.Site}"))], beyond.Count, hits,
                hits.Count(hit => hit.Loss == "alone"), hits.Count(hit => hit.Loss == "below-promise"), hits.Count(hit => hit.Loss == "below-quorum"), sites, Fleet.Policy.Quorum, 2,
                gone.Count > most ? $"One person alone may revoke at most {most} within 24 h, and you have {most} left. A second person has to approve this, an approver for every site it concerns." : null);
        }
    }
}
