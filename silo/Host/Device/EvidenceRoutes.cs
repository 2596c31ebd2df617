using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Host.Device;

/// <summary>
/// Proving (PROTOCOL.md section 8). A challenge lives on its connection and is taken by the first answer; the answer is verified on this
/// request's thread, before the twin's turn, and only what the verifier made moves the twin.
/// </summary>
public sealed class EvidenceRoutes(Silo silo, RandomNumberGenerator random)
{
    private const int NonceSize = 32;

    /// <summary>Added to the interval for the answer to a challenge: a slow TPM, a slow network.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly EvidenceVerifier verifier = new();
    private readonly RateLimit<DeviceId> perDevice = new(silo.Settings.Limits.DeviceRate, silo.Time);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/device/v1/challenge", ChallengeAsync);
        routes.MapPost("/device/v1/evidence", EvidenceAsync);
    }

    private async Task ChallengeAsync(HttpContext context)
    {
        var channel = DeviceListener.Channel(context);
        var request = ChallengeRequest.Decode(await BodyReader.ReadAsync(context, Caps.Body));
        // The directory knows every device, so an unknown id costs no look into the store.
        if (await silo.FindAsync(request.Device, context.RequestAborted) is null)
        {
            await (silo.Directory.Unreadable.ContainsKey(request.Device) ? DeviceProblem.Unavailable : DeviceProblem.NotEnrolled).WriteAsync(context);
            return;
        }
        if (!perDevice.TryTake(request.Device))
        {
            await DeviceProblem.Busy.WriteAsync(context);
            return;
        }
        if (await silo.Place.Twin(request.Device).ReadAsync(context.RequestAborted) is not { } state)
        {
            await DeviceProblem.NotEnrolled.WriteAsync(context);
            return;
        }
        await DeviceListener.AnswerAsync(context, Ask(channel, state).Encode());
    }

    private async Task EvidenceAsync(HttpContext context)
    {
        var channel = DeviceListener.Channel(context);
        // Single use (attack A01): taken before a byte of the answer is read, so two answers at once cannot both have it.
        if (channel.TakeChallenge() is not { } question || silo.Time.GetUtcNow() > question.Deadline)
        {
            await DeviceProblem.ChallengeMissing.WriteAsync(context);
            return;
        }
        if (!perDevice.TryTake(question.Device))
        {
            await DeviceProblem.Busy.WriteAsync(context);
            return;
        }
        var body = await BodyReader.ReadAsync(context, Caps.Evidence);
        var twin = silo.Place.Twin(question.Device);
        var policy = silo.Policies.InForce;
        if (!ReferenceEquals(policy, question.Policy))
        {
            await DeviceProblem.Stale.WriteAsync(context);
            return;
        }
        var started = silo.Time.GetTimestamp();
        // The twin as it was when the challenge was made: in a cluster it mostly lives elsewhere. Where a verdict ran out meanwhile, that is noted first.
        var before = question.Twin.DueAt <= silo.Time.GetUtcNow() ? null : question.Twin;
        for (var isFresh = before is null; ; isFresh = true)
        {
            if (before is null && (before = KnownTwin.Of(await twin.ReadAsync(context.RequestAborted))) is null)
            {
                await DeviceProblem.Stale.WriteAsync(context);
                return;
            }
            var (entered, result) = await VerifyAsync(body, channel, question, before, policy, context.RequestAborted);
            if (!entered)
            {
                await DeviceProblem.Busy.WriteAsync(context);
                return;
            }
            if (result!.Verified is { } verified)
            {
                if (await TryAcceptAsync(twin, verified, channel, mayBeOld: !isFresh, context.RequestAborted) is (true, var accepted))
                {
                    await AcceptedAsync(context, channel, question.Device, verified, accepted, started);
                    return;
                }
                before = null;
                continue;
            }
            // Nobody is refused, or taken for a clone (attack A48), by what the twin was: if it has moved on, it is asked again.
            var now = isFresh ? before : KnownTwin.Of(await twin.ReadAsync(context.RequestAborted));
            if (now is null || now.Version == before.Version)
            {
                await RefuseAsync(context, twin, question.Device, result.Findings);
                return;
            }
            before = now;
        }
    }

    /// <returns>False if the twin has moved on from a state that may be old.</returns>
    private static async Task<(bool Taken, EvidenceAnswer? Answer)> TryAcceptAsync(IDeviceTwin twin, VerifiedEvidence verified, DeviceChannel channel, bool mayBeOld, CancellationToken cancellation)
    {
        try
        {
            return (true, await twin.AcceptAsync(verified, channel.SessionKey, cancellation));
        }
        catch (StaleTwinException) when (mayBeOld)
        {
            // Nothing was written: the evidence is judged once more, by what the twin is now.
            return (false, null);
        }
    }

    private async Task AcceptedAsync(HttpContext context, DeviceChannel channel, DeviceId device, VerifiedEvidence verified, EvidenceAnswer? accepted, long started)
    {
        if (accepted is null)
        {
            await DeviceProblem.NotEnrolled.WriteAsync(context);
            return;
        }
        channel.Proven = device;
        silo.Sessions.Accept(device, channel.SessionKeyHash);
        silo.Meter.Accept(TwinTransition.Text(verified.Verdict.Status), silo.Time.GetElapsedTime(started));
        await DeviceListener.AnswerAsync(context, Receipt(channel, accepted).Encode());
    }

    private async Task<(bool Entered, VerificationResult? Result)> VerifyAsync(
        ReadOnlyMemory<byte> body, DeviceChannel channel, PendingChallenge question, KnownTwin before, AppraisalPolicy policy, CancellationToken cancellation)
    {
        if (!await silo.Gate.TryEnterAsync(cancellation)) return (false, null);
        try
        {
            var leaf = channel.Leaf(question, silo.Key.Id, silo.Key.SpkiHash);
            var enrolment = before.Enrolment;
            return (true, verifier.Verify(body, leaf, channel.SessionKey, silo.Enrolled.For(enrolment), before.Attester, policy, silo.References.For(enrolment.Model), silo.Time.GetUtcMillisecond()));
        }
        finally
        {
            silo.Gate.Leave();
        }
    }

    private async Task RefuseAsync(HttpContext context, IDeviceTwin twin, DeviceId device, IReadOnlyList<Finding> findings)
    {
        var first = findings.FirstOrDefault(finding => finding.Outcome != Outcome.Pass);
        silo.Meter.Refuse();
        silo.Refusals.Log(device.Text, context, "evidence", "evidence_refused", first?.Sentence ?? "");
        await twin.RefuseAsync(findings, context.RequestAborted);
        await DeviceProblem.EvidenceRefused.WriteAsync(context);
    }

    private Receipt Receipt(DeviceChannel channel, EvidenceAnswer accepted)
    {
        var membership = accepted.State.Membership;
        var news = !membership.IsEmpty && !membership.Span.SequenceEqual(channel.MembershipSent.Span);
        if (news) channel.MembershipSent = membership;
        return new(accepted.State.Standing, accepted.Result, silo.Policies.InForce.Policy.IntervalSeconds, Ask(channel, accepted.State).Encode(), news ? membership : default(ReadOnlyMemory<byte>?));
    }

    private Challenge Ask(DeviceChannel channel, TwinState state)
    {
        var policy = silo.Policies.InForce;
        var nonce = new byte[NonceSize];
        random.GetBytes(nonce);
        var within = TimeSpan.FromSeconds(policy.Policy.IntervalSeconds) + Grace;
        channel.Ask(new PendingChallenge(state.Enrolment.Device, nonce, policy, silo.Time.GetUtcNow() + within, KnownTwin.Of(state)!));
        return new(nonce, silo.Key.Id, policy.Policy.Bank, policy.Policy.Pcrs, state.Attester.Boot, state.Attester.LogCount, (int)within.TotalSeconds);
    }
}
