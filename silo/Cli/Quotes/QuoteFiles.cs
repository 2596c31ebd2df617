using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TrustMesh.Cli.Output;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Cli.Quotes;

/// <summary>
/// What tpm2-tools left on disk for one quote. Nothing in it is trusted: the request (nonce and registers) comes from the person who asked,
/// the algorithm from the key.
/// </summary>
internal sealed record QuoteFiles(byte[] Key, byte[] Attest, byte[] Signature, byte[] Nonce, QuoteRequest Asked, byte[] Values)
{
    /// <summary>Far above a PEM of an RSA-4096 key and 24 registers of SHA-512.</summary>
    public const int LargestFile = 8 * 1024;

    /// <summary>Runs the checklist.</summary>
    public CheckReport Check(Printer printer)
    {
        var findings = new List<Finding>();
        var isPem = Key.AsSpan().IndexOf("-----BEGIN"u8) >= 0;
        var key = isPem ? FromPem() : FromPublicArea(findings);
        if (key is not null)
        {
            if (isPem) printer.Note("The key is a PEM file: that it is a restricted TPM key can not be seen from it and was not checked.");
            findings.AddRange(QuoteCheck.Run(key, Attest, Signature, Nonce, Asked, SplitValues()).Findings);
        }
        var size = TpmHash.Size(Asked.Bank) * Asked.Pcrs.Count;
        if (Values.Length != size) printer.Note($"The file of --values has {Values.Length} bytes; {Asked.Pcrs.Count} registers of this bank take {size}.");
        // The checklist ran whole, and every line of it passed: an empty or shortened list is no success (attack A16).
        var trusted = key is not null && findings.Count == QuoteCheck.StepCount + (isPem ? 0 : 2) && findings.TrueForAll(one => one.Outcome == Outcome.Pass);
        return new(trusted, trusted ? "affirming" : "refused", [.. findings.Select(CheckReport.Of)]);
    }

    /// <summary>BANK:N,N with registers 0..23, none twice; sorted, as the TPM signs them.</summary>
    public static QuoteRequest ParseRequest(string text)
    {
        var wrong = new CommandFailure(ExitCode.Usage, $"'{text}' does not name registers.", "Write one bank and its registers, such as sha256:0,1,7.");
        if (text.Split(':') is not [var bank, var list]) throw wrong;
        var pcrs = new SortedSet<int>();
        foreach (var part in list.Split(','))
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var pcr) || pcr >= Caps.PcrCount || !pcrs.Add(pcr)) throw wrong;
        return new(bank switch
        {
            "sha1" => TpmAlg.Sha1,
            "sha256" => TpmAlg.Sha256,
            "sha384" => TpmAlg.Sha384,
            "sha512" => TpmAlg.Sha512,
            _ => throw wrong,
        }, [.. pcrs]);
    }

    /// <summary>1 to 64 bytes of hex: what a TPM takes as qualifying data.</summary>
    public static byte[] ParseNonce(string text)
    {
        var wrong = new CommandFailure(ExitCode.Usage, $"'{text}' is not a nonce.", "Give the 1 to 64 bytes that were asked for in hex, two digits a byte.");
        if (text.Length is 0 or > 128 || text.Length % 2 != 0 || !text.All(char.IsAsciiHexDigit)) throw wrong;
        return Convert.FromHexString(text);
    }

    private AttestationKey? FromPublicArea(List<Finding> findings)
    {
        TpmPublic area;
        try
        {
            area = TpmPublic.DecodeEither(Key);
        }
        catch (WireException bad)
        {
            throw new CommandFailure(ExitCode.Usage, $"The file of --ak is no TPM2B_PUBLIC, TPMT_PUBLIC or PEM: {bad.Message}.", "Give the file that tpm2_createak -u wrote.", bad);
        }
        var key = AttestationKeyCheck.Run(area, out var checks);
        findings.AddRange(checks);
        if (key is not null || checks.Any(one => one is { Check: "ak.algorithm", Outcome: not Outcome.Pass })) return key;
        // Not a key to trust, and the findings say so; what it signed is still shown step by step.
        return AttestationKey.FromTpmPublic(area);
    }

    private AttestationKey FromPem()
    {
        try
        {
            var text = Encoding.UTF8.GetString(Key);
            var fields = PemEncoding.Find(text);
            if (!text.AsSpan()[fields.Label].SequenceEqual("PUBLIC KEY")) throw new WireException("PEM", 0, $"'{text[fields.Label]}', expected 'PUBLIC KEY'");
            return AttestationKey.FromSubjectPublicKeyInfo(Convert.FromBase64String(text[fields.Base64Data]));
        }
        catch (Exception bad) when (bad is ArgumentException or FormatException or WireException)
        {
            throw new CommandFailure(ExitCode.Usage, $"The PEM file of --ak is no public key that may attest: {bad.Message}.", "Give an ECC P-256, P-384 or RSA key of 2048 bits or more.", bad);
        }
    }

    /// <summary>The file cut into registers; too many or too few bytes make values that the checklist refuses.</summary>
    private List<PcrValue> SplitValues()
    {
        var size = TpmHash.Size(Asked.Bank);
        var values = new List<PcrValue>();
        for (var at = 0; at < Values.Length; at += size)
            values.Add(new(values.Count < Asked.Pcrs.Count ? Asked.Pcrs[values.Count] : Caps.PcrCount + values.Count, Values.AsMemory(at, Math.Min(size, Values.Length - at))));
        return values;
    }
}
