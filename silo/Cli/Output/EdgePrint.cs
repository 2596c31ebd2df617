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
            ("from", $"{side.FromName} ({Shown.ShortId(side.From)})"), ("to", $"{side.ToName} ({Shown.ShortId(side.To)})"), ("status", side.Status), ("since", Shown.Time(side.Since)), ("fresh", Shown.YesNo(side.Fresh)),
            ("tier", side.Tier), ("examined", Shown.Time(side.IssuedAt)), ("expires", Shown.Time(side.ExpiresAt)), ("policy", $"{side.Policy} version {Shown.Number(side.PolicyVersion)}"),
            ("reference values", Shown.Number(side.ReferenceVersion)), ("revocation list", Shown.Number(side.RevocationSerial)), ("nonce age", $"{Shown.Number(side.NonceAgeMs)} ms"),
            ("checks passed", Shown.Number(side.Passed)), ("doubted", side.Doubted ? "yes: its verdicts keep contradicting those of others" : "no"),
        ]);
        if (side.Because.Count > 0)
        {
            printer.Heading("Because:");
            BecauseTable.Print(printer, side.Because);
        }
        printer.Heading("Rounds:");
        printer.Table(["ROUND", "AT", "STATUS", "NONCE AGE", "REASON"],
            side.Rounds.Select(one => new[] { Shown.Number(one.Sequence), Shown.Time(one.At), one.Status, $"{Shown.Number(one.NonceAgeMs)} ms", one.Reason ?? "-" }));
    }
}
