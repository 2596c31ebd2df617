using System.CommandLine;
using TrustMesh.Cli.Output;
using TrustMesh.Cli.Quotes;

namespace TrustMesh.Cli.Commands;

/// <summary><c>quote verify</c>: a TPM quote as tpm2-tools wrote it, checked here without any silo.</summary>
internal static class QuoteCommands
{
    public static Command Build(Shell shell)
    {
        var ak = Arguments.ExistingFile("--ak", "The attestation key: TPM2B_PUBLIC, TPMT_PUBLIC or PEM (tpm2_createak -u).");
        var attest = Arguments.ExistingFile("--attest", "The quoted structure, TPMS_ATTEST (tpm2_quote -m).");
        var signature = Arguments.ExistingFile("--signature", "Its signature, TPMT_SIGNATURE (tpm2_quote -s).");
        var nonce = new Option<string>("--nonce") { Description = "The qualifying data that was asked for (tpm2_quote -q).", HelpName = "HEX", Required = true };
        var pcrs = new Option<string>("--pcrs") { Description = "The registers that were asked for, such as sha256:0,1,7.", HelpName = "BANK:N,N", Required = true };
        var values = Arguments.ExistingFile("--values", "Their values, raw, one after the other in ascending order (tpm2_quote -o FILE -F values).");
        var verify = new Command("verify", """
            Check a TPM quote offline, step by step. Prints the finding of every step of the checklist; exit code 6 unless all passed.
            A key given as TPM structure must also be a restricted signing key; of a PEM key nobody can tell, so be sure where it comes from.
            """) { ak, attest, signature, nonce, pcrs, values };
        verify.SetAction(parsed =>
        {
            var printer = shell.Printer(parsed);
            var asked = QuoteFiles.ParseRequest(parsed.GetRequiredValue(pcrs));
            var files = new QuoteFiles(
                Arguments.ReadBounded(parsed.GetRequiredValue(ak), QuoteFiles.LargestFile), Arguments.ReadBounded(parsed.GetRequiredValue(attest), QuoteFiles.LargestFile),
                Arguments.ReadBounded(parsed.GetRequiredValue(signature), QuoteFiles.LargestFile), QuoteFiles.ParseNonce(parsed.GetRequiredValue(nonce)), asked,
                Arguments.ReadBounded(parsed.GetRequiredValue(values), QuoteFiles.LargestFile));
            var report = files.Check(printer);
            return (int)report.Print(printer);
        });
        return new Command("quote", "TPM quotes.") { verify };
    }
}
