using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Joining;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Host.Device;

/// <summary>Joining the mesh (PROTOCOL.md section 7). Both messages on one connection.</summary>
public sealed class EnrolmentRoutes(Silo silo, EnrolmentDesk desk)
{
    /// <summary>The limit of one silo is the limit of all of them together: who asks at another one gains nothing (attack A42).</summary>
    private static readonly TimeSpan Refilled = TimeSpan.FromSeconds(2);

    private readonly RateLimit<IPAddress> perSource = new(silo.Settings.Limits.EnrolmentRate, silo.Time);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/device/v1/enrol", BeginAsync);
        routes.MapPost("/device/v1/enrol/activate", CompleteAsync);
    }

    private async Task BeginAsync(HttpContext context)
    {
        var channel = DeviceListener.Channel(context);
        var source = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (!perSource.TryTake(source) || !await silo.Place.TryTakeAsync("enrol", source.ToString(), 2 * silo.Settings.Limits.EnrolmentRate, Refilled, context.RequestAborted))
        {
            await DeviceProblem.Busy.WriteAsync(context);
            return;
        }
        // A new question replaces the one that waits; an answer to that one is then refused.
        channel.TakeEnrolment();
        var request = EnrolRequest.Decode(await BodyReader.ReadAsync(context, Caps.EnrolRequest));
        var start = await desk.BeginAsync(request, context.RequestAborted);
        if (start.Pending is not { } pending)
        {
            await RefuseAsync(context, "enrol", request.Name, start.Refusal!);
            return;
        }
        channel.Ask(pending);
        await DeviceListener.AnswerAsync(context, pending.Challenge.Encode());
    }

    private async Task CompleteAsync(HttpContext context)
    {
        var channel = DeviceListener.Channel(context);
        // Burnt before anything of the answer is looked at (attack A11).
        var pending = channel.TakeEnrolment();
        var answer = ActivateRequest.Decode(await BodyReader.ReadAsync(context, Caps.Body));
        if (pending is null)
        {
            await RefuseAsync(context, "activate", "?", new(EnrolmentRefusal.Refused, "no enrolment waits for an answer on this connection"));
            return;
        }
        var end = await desk.CompleteAsync(pending, answer, channel.SessionKeyHash, context.RequestAborted);
        if (end.State is not { } state)
        {
            await RefuseAsync(context, "activate", "?", end.Refusal!);
            return;
        }
        var enrolment = state.Enrolment;
        silo.Log.Enrolled(enrolment.Device, enrolment.Name, TwinTransition.Text(state.Standing), Tiers.Text(enrolment.Tier));
        channel.MembershipSent = state.Membership;
        await DeviceListener.AnswerAsync(context, new EnrolResult(state.Standing, enrolment.Device, state.Membership.IsEmpty ? default(ReadOnlyMemory<byte>?) : state.Membership).Encode());
    }

    private Task RefuseAsync(HttpContext context, string step, string name, EnrolmentRefusal refusal)
    {
        silo.Refusals.Log(name, context, step, refusal.Code, refusal.Reason);
        return DeviceProblem.Of(refusal.Code).WriteAsync(context);
    }
}
