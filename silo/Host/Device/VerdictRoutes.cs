using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrustMesh.Trust.Peers;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Host.Device;

/// <summary>
/// What devices say about each other (PROTOCOL.md section 17). Only a device whose evidence was accepted on this very connection is heard, and
/// only about what its own root vouched for. A bad verdict ends the upload; what came before it stays.
/// </summary>
public sealed class VerdictRoutes(Silo silo)
{
    private readonly RateLimit<DeviceId> perDevice = new(silo.Settings.Limits.DeviceRate, silo.Time);

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/device/v1/verdicts", UploadAsync);

    private async Task UploadAsync(HttpContext context)
    {
        // Before a byte of it is read: who has not proven itself here costs nothing (attack A42).
        if (DeviceListener.Channel(context).Proven is not { } device)
        {
            await DeviceProblem.NotProven.WriteAsync(context);
            return;
        }
        if (!perDevice.TryTake(device))
        {
            await DeviceProblem.Busy.WriteAsync(context);
            return;
        }
        var upload = VerdictUpload.Decode(await BodyReader.ReadAsync(context, Caps.VerdictUpload));
        var twin = silo.Place.Twin(device);
        if (await twin.ReadAsync(context.RequestAborted) is not { Enrolment: var enrolment })
        {
            await DeviceProblem.NotEnrolled.WriteAsync(context);
            return;
        }
        if (!await silo.Gate.TryEnterAsync(context.RequestAborted))
        {
            await DeviceProblem.Busy.WriteAsync(context);
            return;
        }
        var good = new List<VerifiedPeerVerdict>(upload.Verdicts.Count);
        IReadOnlyList<Finding>? refused;
        try
        {
            refused = Verify(upload, silo.Enrolled.For(enrolment), good);
        }
        finally
        {
            silo.Gate.Leave();
        }
        var next = await silo.Peers.TakeAsync(enrolment, upload.Dropped, good, context.RequestAborted);
        if (refused is null) await DeviceListener.AnswerAsync(context, new VerdictReceipt(next).Encode());
        else await RefuseAsync(context, twin, device, refused);
    }

    /// <summary>Verifies in order until one is bad; null if none is.</summary>
    private IReadOnlyList<Finding>? Verify(VerdictUpload upload, EnrolledDevice issuer, List<VerifiedPeerVerdict> good)
    {
        var now = silo.Time.GetUtcMillisecond();
        var vouched = new VouchedKey?[upload.Vouchers.Count];
        var sequence = 0L;
        foreach (var (voucher, signed) in upload.Verdicts)
        {
            if (vouched[voucher] is not { } key)
            {
                var first = PeerVerdictVerifier.VerifyVoucher(upload.Vouchers[voucher], issuer);
                if (first.Accepted is null) return first.Findings;
                vouched[voucher] = key = first.Accepted;
            }
            var verdict = PeerVerdictVerifier.Verify(signed, key, sequence, now);
            if (verdict.Accepted is null) return verdict.Findings;
            good.Add(verdict.Accepted);
            sequence = verdict.Accepted.Verdict.Sequence;
        }
        return null;
    }

    private async Task RefuseAsync(HttpContext context, IDeviceTwin twin, DeviceId device, IReadOnlyList<Finding> findings)
    {
        var first = findings.FirstOrDefault(finding => finding.Outcome != Outcome.Pass);
        silo.Refusals.Log(device.Text, context, "verdicts", "evidence_refused", first?.Sentence ?? "");
        await twin.RefuseAsync(findings, context.RequestAborted);
        await DeviceProblem.EvidenceRefused.WriteAsync(context);
    }
}
