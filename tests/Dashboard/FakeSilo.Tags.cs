using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

public sealed partial class FakeSilo
{
    /// <summary>Changes of tags as they came.</summary>
    public ConcurrentQueue<(string Id, TagEdit Edit)> Tagged { get; } = new();

    private void MapTags(RouteGroupBuilder api)
        => api.MapPatch("/devices/{id}/tags", (HttpContext context, string id, TagEdit edit) => Guard(context, Needed(id, "suspend"), () =>
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
