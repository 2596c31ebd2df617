using TrustMesh.Contracts;

namespace TrustMesh.Cli.Output;

/// <summary>What a waiting device proved, as text.</summary>
internal static class ProofPrint
{
    /// <param name="proof">Null: it has not proven itself, or it does not wait.</param>
    public static void Print(Printer printer, WaitingProof? proof)
    {
        if (proof is null)
        {
            printer.Heading("No proof is known of it as a waiting device");
            return;
        }
        printer.Heading($"What it proved {Shown.Time(proof.ProvenAt)}");
        printer.Facts([
            ("by policy", $"version {Shown.Number(proof.Policy)}"), ("would be", proof.Status ?? $"not judged: {proof.Unjudged}"),
            ("reference values", proof.References is { } references ? $"version {Shown.Number(references)}" : "none for this model: it would be the first"),
            ("known as good", Shown.Number(proof.Good)), ("unknown", Shown.Number(proof.Unknown)), ("different", Shown.Number(proof.Different)), ("verdict counts until", Shown.Time(proof.ExpiresAt)),
        ]);
        if (proof.Files.Count > 0)
        {
            printer.Heading("Files that are not as known:");
            printer.Table(["OUTCOME", "NAME", "GOT", "EXPECTED", "SEEN ON"], proof.Files.Select(one => new[] { one.Outcome, one.Name, one.Digest, Shown.Expected(one.Expected, one.Outcome), Shown.Share(one.SeenOn, one.Of, one.Rare) }));
            if (proof.Unknown + proof.Different - proof.Files.Count is > 0 and var more) printer.Note($"and {more} more.");
        }
        if (proof.Registers.Count > 0)
        {
            printer.Heading("Registers of its TPM:");
            printer.Table(["OUTCOME", "PCR", "HOLDS", "GOT", "EXPECTED", "SEEN ON"], proof.Registers.Select(one => new[]
                { one.Outcome, Shown.Number(one.Pcr), PlatformRegisters.Holds(one.Pcr), one.Value, Shown.Expected(one.Expected, one.Outcome), Shown.Share(one.SeenOn, one.Of, one.Rare) }));
        }
        if (proof.Because.Count == 0) return;
        printer.Heading("What does not pass:");
        BecauseTable.Print(printer, proof.Because);
    }
}
