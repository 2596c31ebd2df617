using TrustMesh.Contracts;

namespace TrustMesh.Cli.Output;

/// <summary>A because list, in the words of the API and the dashboard.</summary>
internal static class BecauseTable
{
    public static void Print(Printer printer, IEnumerable<Because> because)
        => printer.Table(["OUTCOME", "CHECK", "CLAIM", "EXPECTED", "GOT", "RULE"],
            because.Select(line => new[] { line.Outcome, line.Check, line.Claim, line.Expected, line.Got, line.Rule }));

    /// <summary>Of a device's verdict: with since when what does not pass has not; a dash where that is not known.</summary>
    public static void PrintWithSince(Printer printer, IEnumerable<Because> because)
        => printer.Table(["OUTCOME", "CHECK", "CLAIM", "EXPECTED", "GOT", "RULE", "SINCE"],
            because.Select(line => new[] { line.Outcome, line.Check, line.Claim, line.Expected, line.Got, line.Rule, Shown.Time(line.Since) }));
}
