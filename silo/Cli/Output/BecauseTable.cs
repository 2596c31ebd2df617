using TrustMesh.Contracts;

namespace TrustMesh.Cli.Output;

/// <summary>A because list, in the words of the API and the dashboard.</summary>
internal static class BecauseTable
{
    public static void Print(Printer printer, IEnumerable<Because> because)
        => printer.Table(["OUTCOME", "CHECK", "CLAIM", "EXPECTED", "GOT", "RULE"],
            because.Select(line => new[] { line.Outcome, line.Check, line.Claim, line.Expected, line.Got, line.Rule }));
}
