using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

/// <summary>A silo, or what lies between, that does not do as API.md says.</summary>
public sealed partial class FakeSilo
{
    /// <summary>Sends half of every snapshot and breaks off.</summary>
    public bool CutsSnapshots { get; set; }

    /// <summary>Counts one change that nobody is told.</summary>
    public void Skip()
    {
        lock (_lock)
            _sequence++;
    }

    /// <summary>Tells of a change twice.</summary>
    public void Repeat(DeviceSummary device)
    {
        lock (_lock)
        {
            Fleet.Devices[device.Id] = device;
            var delta = new GraphDelta(_sequence, ++_sequence, [FakeFleet.Node(device)], [], [], null);
            foreach (var (feed, _) in _feeds)
                for (var i = 0; i < 2; i++)
                    feed.Writer.TryWrite(delta);
        }
    }

    private async Task FaultAsync(HttpContext context, RequestDelegate next)
    {
        if (!CutsSnapshots || context.Request.Path != "/api/v1/graph")
        {
            await next(context);
            return;
        }
        var whole = JsonSerializer.SerializeToUtf8Bytes(Fleet.Snapshot(_sequence), JsonSerializerOptions.Web);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = whole.Length;
        await context.Response.Body.WriteAsync(whole.AsMemory(0, whole.Length / 2));
        await context.Response.Body.FlushAsync();
        context.Abort();
    }
}
