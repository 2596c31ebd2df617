using System.Security.Cryptography;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Verifier;

/// <summary>
/// The checklist of a TPM 2.0 quote (TPM 2.0 Library part 1 section 23, part 3 section 18.4; RFC 9683):
/// <list type="number">
/// <item><c>quote.format</c> TPMS_ATTEST and TPMT_SIGNATURE parse to their last byte (attack A18)</item>
/// <item><c>quote.magic</c> the TPM made the structure itself (A03)</item>
/// <item><c>quote.type</c> it is a quote (A04)</item>
/// <item><c>quote.nonce</c> extraData is what we asked for, of its length, compared in constant time (A01, A02)</item>
/// <item><c>quote.bank</c> one bank, the one asked for, at least SHA-256 (A07, A17)</item>
/// <item><c>quote.selection</c> the signed registers are exactly those asked for, and there are some (A05, A08)</item>
/// <item><c>quote.values</c> the values are those of the signed registers, none more, none less, each of the bank's size (A06)</item>
/// <item><c>quote.digest</c> pcrDigest is the hash of the values by the hash of the signing scheme</item>
/// <item><c>quote.algorithm</c> the scheme and hash are those of the key (A17)</item>
/// <item><c>quote.signature</c> the key signed the structure</item>
/// </list>
/// Every step runs and leaves a finding even where an earlier one failed, except what can not be read; the quote is verified only if all
/// ten passed (A15, A16).
/// </summary>
public static class QuoteCheck
{
    /// <summary>Steps of the checklist.</summary>
    public const int StepCount = 10;

    private static readonly Check Format = new("quote.format", "quote", "TPMS_ATTEST and TPMT_SIGNATURE, read to the last byte", "TPM 2.0 part 2, 10.12.12 and 11.3.4");
    private static readonly Check Magic = new("quote.magic", "magic", "ff544347 (made inside the TPM)", "TPM 2.0 part 2, 6.2");
    private static readonly Check Kind = new("quote.type", "type", "8018 (quote)", "TPM 2.0 part 2, 6.9");
    private static readonly Check Nonce = new("quote.nonce", "extraData", "the digest of our challenge", "TPM 2.0 part 3, 18.4");
    private static readonly Check Bank = new("quote.bank", "PCR bank", "one bank, the one asked for, SHA-256 or stronger", "TPM 2.0 part 2, 10.9.7");
    private static readonly Check Selection = new("quote.selection", "signed PCR selection", "exactly the registers asked for", "TPM 2.0 part 2, 10.12.1");
    private static readonly Check Values = new("quote.values", "PCR values", "the signed registers, each once", "PROTOCOL.md 5");
    private static readonly Check Digest = new("quote.digest", "pcrDigest", "the hash of the PCR values", "TPM 2.0 part 1, 17.5");
    private static readonly Check Algorithm = new("quote.algorithm", "signature algorithm", "the algorithm of the enrolled key", "PROTOCOL.md 1");
    private static readonly Check Signature = new("quote.signature", "signature", "made by the attestation key", "TPM 2.0 part 1, 31.3");

    /// <param name="key">The only source of the algorithm.</param>
    /// <param name="attest">TPMS_ATTEST as it came.</param>
    /// <param name="signature">TPMT_SIGNATURE as it came.</param>
    /// <param name="extraData">What the quote must carry, at most 64 bytes.</param>
    /// <param name="values">Register values as they came, in the order of the selection.</param>
    public static QuoteResult Run(AttestationKey key, ReadOnlyMemory<byte> attest, ReadOnlyMemory<byte> signature, ReadOnlySpan<byte> extraData,
        QuoteRequest asked, IReadOnlyList<PcrValue> values)
    {
        var findings = new FindingList();
        var quote = Run(key, attest, signature, extraData, [], asked, values, findings);
        return new(quote, findings.ToBecause());
    }

    /// <param name="alternative">A second acceptable extraData (a batch whose leaves have several roles), or empty.</param>
    internal static VerifiedQuote? Run(AttestationKey key, ReadOnlyMemory<byte> attest, ReadOnlyMemory<byte> signature, ReadOnlySpan<byte> extraData,
        ReadOnlySpan<byte> alternative, QuoteRequest asked, IReadOnlyList<PcrValue> values, FindingList findings)
    {
        var before = findings.PassCount;
        TpmAttest quoted;
        TpmSignature signed;
        try
        {
            quoted = TpmAttest.Decode(attest);
            signed = TpmSignature.Decode(signature, key.FieldSize);
        }
        catch (WireException bad)
        {
            findings.Add(Format.Failed(bad.Message));
            return null;
        }
        findings.Pass(Format);
        CheckMagic(quoted, findings);
        CheckKind(quoted, findings);
        CheckNonce(quoted, extraData, alternative, findings);
        CheckBank(quoted, asked, findings);
        CheckSelection(quoted, asked, findings);
        CheckValues(quoted, values, findings);
        CheckDigest(quoted, signed.Hash, values, findings);
        CheckAlgorithm(key, signed, findings);
        findings.Require(Signature, key.Verify(attest.Span, signed), "a signature that this key did not make over this structure");
        return findings.PassCount - before == StepCount ? new(quoted, values) : null;
    }

    private static void CheckMagic(TpmAttest quoted, FindingList findings)
    {
        if (quoted.Magic == TpmAttest.Generated) findings.Pass(Magic);
        else findings.Add(Magic.Failed($"{quoted.Magic:x8}"));
    }

    private static void CheckKind(TpmAttest quoted, FindingList findings)
    {
        if (quoted.Type == TpmAttest.Quote) findings.Pass(Kind);
        else findings.Add(Kind.Failed($"{quoted.Type:x4}"));
    }

    private static void CheckNonce(TpmAttest quoted, ReadOnlySpan<byte> extraData, ReadOnlySpan<byte> alternative, FindingList findings)
    {
        // Lengths first (A02); an empty expectation would accept an empty extraData and is never one (A01).
        var good = !extraData.IsEmpty && CryptographicOperations.FixedTimeEquals(quoted.ExtraData.Span, extraData);
        if (!alternative.IsEmpty) good |= CryptographicOperations.FixedTimeEquals(quoted.ExtraData.Span, alternative);
        if (good) findings.Pass(Nonce);
        else findings.Add(Nonce.Failed(Words.Hex(extraData), quoted.ExtraData.IsEmpty ? "nothing" : Words.Hex(quoted.ExtraData.Span)));
    }

    private static void CheckBank(TpmAttest quoted, QuoteRequest asked, FindingList findings)
    {
        var good = quoted.Selections.Count == 1 && quoted.Selections[0].Bank == asked.Bank && asked.Bank is TpmAlg.Sha256 or TpmAlg.Sha384 or TpmAlg.Sha512;
        if (good) findings.Pass(Bank);
        else findings.Add(Bank.Failed($"one bank, {KeyAlgorithms.Describe(asked.Bank)}", Words.Banks(quoted.Selections)));
    }

    private static void CheckSelection(TpmAttest quoted, QuoteRequest asked, FindingList findings)
    {
        var signed = quoted.Selections.Count == 1 ? quoted.Selections[0].Pcrs : [];
        var good = asked.Pcrs.Count > 0 && signed.Count == asked.Pcrs.Count;
        for (var i = 0; good && i < signed.Count; i++) good = signed[i] == asked.Pcrs[i];
        if (good) findings.Pass(Selection);
        else findings.Add(Selection.Failed(Words.Pcrs(asked.Pcrs), Words.Selections(quoted.Selections)));
    }

    private static void CheckValues(TpmAttest quoted, IReadOnlyList<PcrValue> values, FindingList findings)
    {
        var one = quoted.Selections.Count == 1;
        var signed = one ? quoted.Selections[0].Pcrs : [];
        var size = one ? TpmHash.Size(quoted.Selections[0].Bank) : 0;
        var good = values.Count > 0 && values.Count == signed.Count;
        for (var i = 0; good && i < signed.Count; i++) good = values[i].Index == signed[i] && values[i].Value.Length == size;
        if (good) findings.Pass(Values);
        else findings.Add(Values.Failed($"{Words.Pcrs(signed)}, {size} bytes each", Words.Values(values)));
    }

    private static void CheckDigest(TpmAttest quoted, TpmAlg hash, IReadOnlyList<PcrValue> values, FindingList findings)
    {
        Span<byte> all = stackalloc byte[24 * 64];
        var length = 0;
        for (var i = 0; i < values.Count; i++)
        {
            if (length + values[i].Value.Length > all.Length)
            {
                findings.Add(Digest.Failed("more values than there are registers"));
                return;
            }
            values[i].Value.Span.CopyTo(all[length..]);
            length += values[i].Value.Length;
        }
        Span<byte> digest = stackalloc byte[64];
        digest = digest[..CryptographicOperations.HashData(TpmHash.Name(hash), all[..length], digest)];
        if (CryptographicOperations.FixedTimeEquals(digest, quoted.PcrDigest.Span)) findings.Pass(Digest);
        else findings.Add(Digest.Failed($"{Words.Hex(digest)} (hash of the values sent)", quoted.PcrDigest.IsEmpty ? "nothing" : Words.Hex(quoted.PcrDigest.Span)));
    }

    private static void CheckAlgorithm(AttestationKey key, TpmSignature signed, FindingList findings)
    {
        if (key.Allows(signed)) findings.Pass(Algorithm);
        else findings.Add(Algorithm.Failed(key.Algorithm, KeyAlgorithms.Describe(key.Type, key.KeyBits, signed.Scheme, signed.Hash)));
    }
}
