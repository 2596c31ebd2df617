using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;

namespace TrustMesh.Tests.Dashboard;

public sealed partial class FakeSilo
{
    /// <summary>Changes of tags as they came.</summary>
    public ConcurrentQueue<(string Id, TagEdit Edit)> Tagged { get; } = new();

    /// <summary>Changes of many as they came.</summary>
    public ConcurrentQueue<BulkTags> TaggedMany { get; } = new();

    private void MapTags(RouteGroupBuilder api)
    {
        api.MapPost("/devices/tags", (HttpContext context, BulkTags asked) => Guard(context, "operator", () =>
        {
            if (!FleetQuery.TryParse(asked.Query, out var query, out var problem))
                return Refuse(400, "invalid", problem.ToString());
            TaggedMany.Enqueue(asked);
            var found = Fleet.Devices.Values.Where(device => asked.Devices is { } named ? named.Contains(device.Id) : query.Matches(DeviceFacts.Of(device), DateTimeOffset.UtcNow)).ToList();
            var outcomes = found.Select(device => new BulkOutcome(device.Id, device.Name, device.Site,
                DeviceTags.Changed(device.Tags ?? [], [.. asked.Add ?? []], [.. asked.Remove ?? []]).SequenceEqual(device.Tags ?? []) ? "already" : asked.DryRun ? "would" : "done")).ToList();
            if (!asked.DryRun)
                Change([.. found.Select(device => device with { Tags = DeviceTags.Changed(device.Tags ?? [], [.. asked.Add ?? []], [.. asked.Remove ?? []]), Version = device.Version + 1 })]);
            return Results.Ok(new BulkAnswer("tag", asked.DryRun, outcomes.Count(one => one.Outcome is "done" or "would"), outcomes));
        }));
        api.MapPatch("/devices/{id}/tags", (HttpContext context, string id, TagEdit edit) => Guard(context, Needed(id, "suspend"), () =>
        {
            if (!Fleet.Devices.TryGetValue(id, out var device))
                return Refuse(404, "not_found", "No device has this id.");
            if (!(edit.Add ?? []).Concat(edit.Remove ?? []).All(DeviceTags.IsTag))
                return Refuse(400, "invalid", DeviceTags.Rule);
            Tagged.Enqueue((id, edit));
            Change(device with { Tags = DeviceTags.Changed(device.Tags ?? [], [.. edit.Add ?? []], [.. edit.Remove ?? []]), Version = device.Version + 1 });
            return Results.Ok(Fleet.Devices[id]);
        }));
    }
}
