using TrustMesh.Contracts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Cli.Output;

/// <summary>Outcome of an offline verification. <paramref name="Trusted"/> only if there are findings and every one of them lets it pass.</summary>
/// <param name="Status">affirming, warning, contraindicated, none; <c>refused</c> where the evidence is not authentic.</param>
internal sealed record CheckReport(bool Trusted, string Status, IReadOnlyList<Because> Findings)
{
    /// <summary>The same words as the API.</summary>
    public static Because Of(Finding finding) => new(finding.Check, finding.Claim, finding.Expected, finding.Got, finding.Rule, finding.Outcome switch
    {
        Outcome.Pass => "pass",
        Outcome.Fail => "fail",
        Outcome.Warn => "warn",
        Outcome.NotCompared => "not-compared",
        Outcome.NoPolicy => "no-policy",
        Outcome.NoAnswer => "no-answer",
        _ => throw new ArgumentOutOfRangeException(nameof(finding), finding.Outcome, "An outcome without a word."),
    });

    /// <summary>Prints it and gives the exit code.</summary>
    public ExitCode Print(Printer printer)
    {
        if (printer.IsJson) printer.Json(this, CliJson.Default.CheckReport);
        else
        {
            BecauseTable.Print(printer, Findings);
            printer.Note(Trusted ? "Trusted: every check passed." : $"Not trusted ({Status}): see the lines whose outcome is not pass.");
        }
        return Trusted ? ExitCode.Ok : ExitCode.NotTrusted;
    }
}
