using System.Security.Cryptography;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Roots.Tpm;

public sealed partial class TpmRoot
{
    /// <summary>A PCR that moves between quote and read this often in a row is not going to stand still.</summary>
    private const int MaxQuotes = 5;

    /// <summary>One quote over the draft's registers, whose extraData covers the claims (PROTOCOL.md sections 4 and 5). A register that
    /// moved between the quote and the reading of values makes the pair worthless, so both are done again.</summary>
    public Evidence Prove(EvidenceDraft draft)
    {
        if (draft.Bank != (ushort)TpmAlg.Sha256) throw new RootException($"PCR bank {draft.Bank:x4} was asked for; only SHA-256 (000b) is quoted. Change the mesh's policy.");
        var claims = draft.Claims.Encode();
        var extraData = ChallengeLeaf.QuoteExtraData(draft.Role, draft.Claims.Challenge.Span, claims);
        var selection = new PcrSelection(TpmAlg.Sha256, draft.Pcrs);
        var quote = Ask("quoting", () => WithKey(handle => Quote(handle, extraData, selection)));
        return new(claims, null, quote, draft.Proof, draft.Log);
    }

    private QuoteEvidence Quote(uint handle, byte[] extraData, PcrSelection selection)
    {
        for (var attempt = 0; attempt < MaxQuotes; attempt++)
        {
            var (attest, signature) = tpm.Quote(handle, extraData, selection);
            var values = tpm.PcrRead(selection.Pcrs);
            if (!DigestOf(values).AsSpan().SequenceEqual(TpmAttest.Decode(attest).PcrDigest.Span)) continue;
            // Some TPMs drop leading zeros of r and s; one width goes out.
            return new(attest, TpmSignature.Decode(signature, fieldSize: 32).Encode(), values);
        }
        throw new RootException($"A quoted PCR changed {MaxQuotes} times between the quote and the reading of its value. Find out what extends PCRs all the time, or take that PCR out of the policy.");
    }

    private static byte[] DigestOf(IReadOnlyList<PcrValue> values)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var value in values) hash.AppendData(value.Value.Span);
        return hash.GetHashAndReset();
    }
}
