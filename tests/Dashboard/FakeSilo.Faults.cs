using Microsoft.AspNetCore.Http;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Snapshots;

namespace TrustMesh.Tests.Dashboard;

/// <summary>A silo, or what lies between, that does not do as API.md says.</summary>
public sealed partial class FakeSilo
{
    /// <summary>Sends half of every snapshot and breaks off.</summary>
    public bool CutsSnapshots { get; set; }

    /// <summary>Knows no columns.</summary>
    public bool IsOld { get; set; }

    /// <summary>What is sent instead of a snapshot, as if it were one.</summary>
    public Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? Spoils { get; set; }

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
        if ((!CutsSnapshots && Spoils is null) || context.Request.Path != "/api/v1/graph")
        {
            await next(context);
            return;
        }
        var whole = SnapshotWriter.Write(Fleet.Snapshot(_sequence));
        context.Response.ContentType = SnapshotFormat.MediaType;
        if (Spoils is { } spoil)
        {
            await context.Response.Body.WriteAsync(spoil(whole));
            return;
        }
        context.Response.ContentLength = whole.Length;
        await context.Response.Body.WriteAsync(whole[..(whole.Length / 2)]);
        await context.Response.Body.FlushAsync();
        context.Abort();
    }
}
