using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

public sealed partial class FakeSilo
{
    /// <summary>Ids of devices that were seen before, with the name and standing of who they were.</summary>
    public ConcurrentDictionary<string, (string Name, string Standing)> Known { get; } = new();

    /// <summary>Bulk decisions that were not dry runs.</summary>
    public ConcurrentQueue<BulkDecision> Bulks { get; } = new();

    private void MapQueue(RouteGroupBuilder api)
    {
        api.MapPost("/devices/decide", (HttpContext context, BulkDecision body) => Guard(context, "approver", () => Decide(context, body)));
        api.MapGet("/devices/{id}/enrolment", (HttpContext context, string id) => Guard(context, "viewer", () =>
        {
            if (!Fleet.Devices.TryGetValue(id, out var device))
                return Refuse(404, "not_found", "No device has this id.");
            IReadOnlyList<SeenBefore> seen = Known.TryGetValue(id, out var was) ? [new("key", Fleet.Devices.Keys.First(), was.Name, device.Site, was.Standing, Fleet.Now.AddDays(-90), "")] : [];
            return Results.Ok(new EnrolmentView(id, "its TPM's maker, to be approved", device.Tier != "tpm-quote" ? null : new(
                true, "CN=TPM EK 0042, issued by CN=Example TPM CA 3", ["no authority key identifier"],
                [
                    new("CN=TPM EK 0042", "CN=Example TPM CA 3", "Infineon", "0042a7", Fleet.Now.AddYears(-2), Fleet.Now.AddYears(8), new string('a', 64)),
                    new("CN=Example TPM CA 3", "CN=Example TPM Root", null, "03", Fleet.Now.AddYears(-5), Fleet.Now.AddYears(15), new string('b', 64)),
                ], Fleet.Now.AddMinutes(-4)), seen, Fleet.Proof(device)));
        }));
    }

    private IResult Decide(HttpContext context, BulkDecision body)
    {
        var grants = _sessions[Token(context)].Grants!;
        var outcomes = new List<BulkOutcome>();
        foreach (var mark in body.Devices!)
        {
            var device = Fleet.Devices[mark.Id];
            var may = grants.Any(grant => grant.Role is "approver" or "admin" && (grant.Sites is null || grant.Sites.Contains(device.Site)));
            var now = new BulkOutcome(device.Id, device.Name, device.Site, "would", Mark: $"{device.Version}");
            var outcome = !may ? now with { Outcome = "forbidden", Why = $"This needs approver for site {device.Site}." }
                : mark.Mark is not null && mark.Mark != now.Mark ? now with { Outcome = "changed", Why = "It is not what was seen any more; look at it again." }
                : device.Standing != "pending" ? now with { Outcome = "refused", Why = $"It is {device.Standing} and does not wait." }
                : body.DryRun ? now with { Warning = Known.TryGetValue(device.Id, out var was) ? $"Seen before: the attestation key of {was.Name}, which is {was.Standing}." : null }
                : now with { Outcome = "done" };
            outcomes.Add(outcome);
            if (outcome.Outcome == "done")
                Change(FakeFleet.Redraw(device with { Standing = body.Act == "approve" ? "active" : "revoked", Version = device.Version + 1 }));
        }
        if (!body.DryRun)
            Bulks.Enqueue(body);
        return Results.Ok(new BulkAnswer(body.Act, body.DryRun, outcomes.Count(one => one.Outcome is "done" or "would"), outcomes));
    }
}
