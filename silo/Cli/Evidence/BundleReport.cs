using System.Security.Cryptography;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Cli.Evidence;

/// <summary>What an auditor learns from a bundle.</summary>
/// <param name="Trusted">The authority is known, everything in the bundle holds, and the verdict that comes out is affirming.</param>
/// <param name="Status">The repeated verdict: affirming, warning, contraindicated, none; <c>refused</c> where the bundle does not hold.</param>
/// <param name="Authority">Hex SHA-256 of the authority's key in the bundle; null where there is none to read.</param>
/// <param name="Findings">Of the bundle, then of the verdict.</param>
internal sealed record BundleReport(
    bool Trusted, string Status, string? Device, DateTimeOffset? AcceptedAt, string? Authority, IReadOnlyList<Because> Findings)
{
    /// <param name="pins">Authorities whose word counts; empty if none is known, and then nothing is trusted.</param>
    public static BundleReport Of(byte[] bytes, IReadOnlyList<byte[]> pins)
    {
        var (authority, acceptedAt) = Peek(bytes);
        // One of several known authorities may have signed; if none of them did, the first one says so.
        var pin = pins.FirstOrDefault(one => authority is not null && one.AsSpan().SequenceEqual(authority)) ?? pins.FirstOrDefault();
        // Written out: a null array would become an empty pin, which is not the same as none.
        var result = BundleVerifier.Verify(bytes, pin is null ? null : new ReadOnlyMemory<byte>(pin));
        var verdict = result.Repeated?.Verdict;
        var status = verdict?.Status switch
        {
            TrustTier.Affirming => "affirming",
            TrustTier.Warning => "warning",
            TrustTier.Contraindicated => "contraindicated",
            TrustTier.None => "none",
            _ => "refused",
        };
        return new(pin is not null && verdict?.Status == TrustTier.Affirming, status, result.Repeated?.Device.Text, acceptedAt,
            authority is null ? null : Convert.ToHexStringLower(authority), [.. result.Findings.Concat(verdict?.Because ?? []).Select(CheckReport.Of)]);
    }

    /// <summary>Prints it and gives the exit code.</summary>
    public ExitCode Print(Printer printer)
    {
        if (printer.IsJson) printer.Json(this, CliJson.Default.BundleReport);
        else
        {
            printer.Facts([("device", Device ?? "-"), ("verdict", Status), ("accepted", Shown.Time(AcceptedAt)), ("authority", Authority ?? "-")]);
            BecauseTable.Print(printer, Findings);
        }
        printer.Note(Trusted ? "The verdict is repeated, and affirming." : (Status, Findings.FirstOrDefault(one => one.Outcome == "fail")) switch
        {
            ("affirming", _) => "Not trusted: nobody said which authority is yours. Compare the authority above with your mesh's and give it with --authority.",
            ("refused", { } fail) => $"Not trusted: {fail.Check}, {fail.Claim}: expected {fail.Expected}, got {fail.Got}.",
            _ => $"Not trusted: the verdict is {Status}.",
        });
        return Trusted ? ExitCode.Ok : ExitCode.NotTrusted;
    }

    /// <summary>What the bundle says of itself; for choosing a pin and for words, never for a decision.</summary>
    private static (byte[]? Authority, DateTimeOffset? AcceptedAt) Peek(byte[] bytes)
    {
        try
        {
            var bundle = Bundle.Decode(bytes);
            return (SHA256.HashData(bundle.Authority.Span), DateTimeOffset.FromUnixTimeSeconds(bundle.AcceptedAt));
        }
        catch (WireException)
        {
            // The verifier says what is wrong with it, as a finding.
            return (null, null);
        }
    }
}
