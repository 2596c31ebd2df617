using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Trust.Directory;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Host.Device;

/// <summary>
/// Statements for a device as they appear (PROTOCOL.md section 16). A request waits for at most 25 seconds; events wake it, nothing polls. Who
/// is heard is decided by the session key of the connection, which evidence vouched for. A suspended or revoked device is told so: it gets policy
/// and list like everybody, reference values and peers only an active one.
/// </summary>
public sealed class WatchRoutes(Silo silo)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(25);

    private readonly RateLimit<DeviceId> perDevice = new(silo.Settings.Limits.DeviceRate, silo.Time);

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/device/v1/watch", WatchAsync);

    private async Task WatchAsync(HttpContext context)
    {
        var channel = DeviceListener.Channel(context);
        if ((silo.Sessions.Find(channel.SessionKeyHash) ?? silo.Place.Proven(channel.SessionKey)) is not { } device)
        {
            await DeviceProblem.NotProven.WriteAsync(context);
            return;
        }
        if (!perDevice.TryTake(device))
        {
            await DeviceProblem.Busy.WriteAsync(context);
            return;
        }
        var request = WatchRequest.Decode(await BodyReader.ReadAsync(context, Caps.Body));
        if (await silo.FindAsync(device, context.RequestAborted) is not { } entry)
        {
            await DeviceProblem.NotEnrolled.WriteAsync(context);
            return;
        }
        silo.Place.Acknowledge(device, request.StatusSerial, request.EnforcedMs, request.Gaps);
        await silo.Place.AnnounceAsync(entry, request.Addresses, context.RequestAborted);
        var answer = await WaitAsync(device, request, context.RequestAborted);
        await DeviceListener.AnswerAsync(context, answer.Encode());
    }

    private async Task<WatchAnswer> WaitAsync(DeviceId device, WatchRequest request, CancellationToken gone)
    {
        var watch = silo.Watchers.Enter(device);
        try
        {
            using var leaving = gone.UnsafeRegister(static watch => ((Watch)watch!).End(), watch);
            using var stopping = silo.Stopping.UnsafeRegister(static watch => ((Watch)watch!).End(), watch);
            await using var late = silo.Time.CreateTimer(static watch => ((Watch)watch!).End(), watch, Longest, Timeout.InfiniteTimeSpan);
            while (!watch.IsOver)
            {
                var news = await NewsAsync(device, request, gone);
                if (!ReferenceEquals(news, WatchAnswer.Nothing)) return news;
                await watch.NextAsync();
            }
            return WatchAnswer.Nothing;
        }
        finally
        {
            silo.Watchers.Leave(device, watch, gone.IsCancellationRequested);
        }
    }

    /// <summary>What the silo has that is newer than what the request names; <see cref="WatchAnswer.Nothing"/> itself if nothing is.</summary>
    private async Task<WatchAnswer> NewsAsync(DeviceId device, WatchRequest request, CancellationToken cancellation)
    {
        var (policy, list) = (silo.Policies.InForce, silo.Status.InForce);
        var news = WatchAnswer.Nothing with { Examine = silo.Watchers.TakeNudges(device) };
        if (policy.Policy.Serial > request.PolicySerial) news = news with { Policy = policy.Signed };
        if (list.Serial > request.StatusSerial) news = news with { StatusList = list.Signed };
        if (silo.Directory.TryGet(device, out var entry) && entry.Standing == Standing.Active)
        {
            if (await silo.Place.AssignmentAsync(device, cancellation) is { } peers && peers.Serial > request.PeersSerial) news = news with { Peers = peers.Signed };
            news = news with { References = References(entry, request, news) };
        }
        return news.Policy is null && news.StatusList is null && news.Peers is null && news.References.Count == 0 && news.Examine.Count == 0 ? WatchAnswer.Nothing : news;
    }

    /// <summary>Reference values of the device's own model and of those it asks for. What does not fit into this answer comes with the next.</summary>
    private List<ReadOnlyMemory<byte>> References(DeviceEntry entry, WatchRequest request, WatchAnswer news)
    {
        const int Envelope = 1024 * 1024;
        var left = Caps.WatchAnswer - Envelope - (news.Policy?.Length ?? 0) - (news.StatusList?.Length ?? 0) - (news.Peers?.Length ?? 0);
        var newer = new List<ReadOnlyMemory<byte>>();
        var models = request.References.Any(one => one.Model == entry.Model) ? request.References : request.References.Prepend(new(entry.Model, 0));
        foreach (var (model, serial) in models)
        {
            if (silo.References.For(model) is not { } values || values.Values.Serial <= serial || newer.Count == Caps.ReferenceCount || values.Signed.Length > left) continue;
            newer.Add(values.Signed);
            left -= values.Signed.Length;
        }
        return newer;
    }
}
