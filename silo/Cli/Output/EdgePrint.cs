using System.Globalization;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Output;

/// <summary>An edge's page as text.</summary>
internal static class EdgePrint
{
    public static void Print(Printer printer, EdgeDetail edge)
    {
        if (edge.Forward is { } forward) Print(printer, forward);
        if (edge is { Forward: not null, Back: not null }) printer.Heading("The other way:");
        if (edge.Back is { } back) Print(printer, back);
    }

    private static void Print(Printer printer, EdgeSide side)
    {
        printer.Facts([
            ("from", $"{side.FromName} ({Shown.ShortId(side.From)})"), ("to", $"{side.ToName} ({Shown.ShortId(side.To)})"), ("status", side.Status), ("fresh", side.Fresh ? "yes" : "no"),
            ("tier", side.Tier), ("examined", Shown.Time(side.IssuedAt)), ("expires", Shown.Time(side.ExpiresAt)), ("policy", $"{side.Policy} version {Number(side.PolicyVersion)}"),
            ("reference values", Number(side.ReferenceVersion)), ("revocation list", Number(side.RevocationSerial)), ("nonce age", $"{Number(side.NonceAgeMs)} ms"),
            ("checks passed", Number(side.Passed)), ("doubted", side.Doubted ? "yes: its verdicts keep contradicting those of others" : "no"),
        ]);
        if (side.Because.Count > 0)
        {
            printer.Heading("Because:");
            BecauseTable.Print(printer, side.Because);
        }
        printer.Heading("Rounds:");
        printer.Table(["ROUND", "AT", "STATUS", "NONCE AGE", "REASON"],
            side.Rounds.Select(one => new[] { Number(one.Sequence), Shown.Time(one.At), one.Status, $"{Number(one.NonceAgeMs)} ms", one.Reason ?? "-" }));
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
