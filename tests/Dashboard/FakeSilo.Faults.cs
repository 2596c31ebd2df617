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

    private volatile Gate? _gate;

    /// <summary>From now on requests whose path after /api/v1 is meant hang: they are heard and not answered.</summary>
    /// <param name="which">Null: all of them.</param>
    public void Hang(Func<string, bool>? which = null) => _gate = new(which ?? (_ => true), new(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>What hangs breaks off without an answer, and so does all that follows.</summary>
    public void Cut() => _gate!.Opened.TrySetResult(false);

    /// <summary>What hangs is answered after all.</summary>
    public void Open()
    {
        var gate = _gate;
        _gate = null;
        gate?.Opened.TrySetResult(true);
    }

    private sealed record Gate(Func<string, bool> Holds, TaskCompletionSource<bool> Opened);

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
        if (_gate is { } gate && gate.Holds(context.Request.Path.Value!["/api/v1".Length..]) && !await gate.Opened.Task.WaitAsync(context.RequestAborted))
        {
            context.Abort();
            return;
        }
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
