using System.Globalization;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Output;

/// <summary>A device's page as text.</summary>
internal static class DevicePrint
{
    /// <param name="now">What ends soon is said beside its end.</param>
    public static void Print(Printer printer, DeviceDetail detail, DateTimeOffset now)
    {
        var (device, identity, verdict) = (detail.Device, detail.Identity, detail.Verdict);
        printer.Facts([
            ("device", device.Name), ("id", device.Id), ("site", device.Site), ("model", device.Model), ("tags", Shown.Tags(device.Tags)), ("look", device.Look),
            ("standing", device.Standing), ("status", device.Status), ("since", Shown.Time(device.Since)), ("fresh", Shown.YesNo(device.Fresh)), ("tier", device.Tier),
            ("proven", Shown.Time(device.ProvenAt)), ("expires", Shown.Time(device.ExpiresAt)), ("enrolled", Shown.Time(device.EnrolledAt)),
            ("root", identity.Root), ("root key", identity.RootKey), ("attestation key", identity.AttestationKey), ("session key", identity.SessionKey ?? "-"), ("endorsement", identity.Endorsement),
            ("enrolment", identity.EnrolmentId), ("member until", Shown.Until(null, identity.MembershipUntil, now, Validity.MembershipSoon)), ("firmware", identity.Firmware ?? "-"),
            ("boot", identity.Boot?.ToString(CultureInfo.InvariantCulture) ?? "-"), ("software", identity.Software ?? "-"),
        ]);
        if (verdict is null)
        {
            printer.Heading("No verdict yet.");
        }
        else
        {
            printer.Heading($"Verdict {verdict.Status} by policy {verdict.Policy} version {verdict.PolicyVersion}, reference values version {verdict.ReferenceVersion}, because:");
            BecauseTable.PrintWithSince(printer, verdict.Because);
        }
        if (detail.Measurements.Count > 0)
        {
            printer.Heading("Measured:");
            printer.Table(["OUTCOME", "NAME", "DIGEST", "SEEN ON"], detail.Measurements.Select(one => new[] { one.Outcome, one.Name, one.Digest, Shown.Share(one.SeenOn, one.Of, one.Rare) }));
        }
        if (detail.Registers is { Count: > 0 } registers)
        {
            printer.Heading("Registers of its TPM:");
            printer.Table(["OUTCOME", "PCR", "HOLDS", "VALUE", "SEEN ON"], registers.Select(one => new[] { one.Outcome, Shown.Number(one.Pcr), PlatformRegisters.Holds(one.Pcr), one.Value, Shown.Share(one.SeenOn, one.Of, one.Rare) }));
        }
        printer.Heading("Timeline:");
        printer.Table(["AT", "KIND", "ACTOR", "TEXT"], detail.Timeline.Select(one => new[] { Shown.Time(one.At), one.Kind, one.Actor, one.Text }));
    }
}
